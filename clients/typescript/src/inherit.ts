import type { RunIdentity } from './event.ts';
import type { Runtime } from './runtime.ts';

/** How a child process joins the run of its parent: one variable of the environment. */
const JOIN_VARIABLE = 'RUNLEDGER_RUN';

/** Only the run's id and its pipeline are needed. */
export interface ParentRun extends RunIdentity {
  readonly root_run_id: string | undefined;
  /** The order of its last step, where it told: the steps of this process come after. Undefined: they have no order. */
  readonly step_index: number | undefined;
}

interface Told {
  readonly runId: string;
  /** What this process itself was told. */
  readonly before: string | undefined;
}
const told = new WeakMap<Runtime, Told>();

/** Undefined: there is none, or the variable cannot be read. */
export function parentRunOf(runtime: Runtime): ParentRun | undefined {
  const earlier = told.get(runtime);
  try {
    const parent: unknown = JSON.parse((earlier ? earlier.before : runtime.env(JOIN_VARIABLE)) ?? 'null');
    const { run_id, process_name, run_attempt, environment, root_run_id, step_index } = parent as ParentRun;
    if (!run_id || !process_name) return undefined;
    return {
      run_id: String(run_id),
      process_name: String(process_name),
      run_attempt: Number.isSafeInteger(run_attempt) && run_attempt > 0 ? run_attempt : 1,
      environment: environment ? String(environment) : undefined,
      root_run_id: root_run_id ? String(root_run_id) : undefined,
      step_index: Number.isSafeInteger(step_index) ? step_index : undefined,
    };
  } catch {
    return undefined;
  }
}

/** The variable for a child process that joins a run. */
export const joinVariable = (parent: RunIdentity & Partial<ParentRun>): Record<typeof JOIN_VARIABLE, string> => ({
  [JOIN_VARIABLE]: JSON.stringify({ ...parent }),
});

/** Children that inherit the environment join the outermost run that is open; of two side by side, the first. */
export function tellChildren(runtime: Runtime, run: RunIdentity & Partial<ParentRun>): void {
  if (told.has(runtime)) return;
  told.set(runtime, { runId: run.run_id, before: runtime.env(JOIN_VARIABLE) });
  runtime.setEnv(JOIN_VARIABLE, joinVariable(run)[JOIN_VARIABLE]);
}

export function tellNoLonger(runtime: Runtime, run_id: string): void {
  const earlier = told.get(runtime);
  if (earlier?.runId !== run_id) return;
  told.delete(runtime);
  runtime.setEnv(JOIN_VARIABLE, earlier.before);
}
