import { epochMsOf, type Instant } from '../core/instant.ts';
import { expectationFor } from '../core/pipelines/expectations.ts';
import { distinctPipelines, pipelineOf, pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import { policyOf } from '../core/recovery/policy.ts';
import type { ToldRun } from '../core/run/told-run.ts';
import { type RecoverPorts, recoverTouched } from '../flows/recover.ts';
import { type StartDuePorts, startDue } from '../flows/start-due.ts';
import { type StopRunawaysPorts, stopRunaways } from '../flows/stop-runaways.ts';
import { type TellDecisionsPorts, tellDecisions } from '../flows/tell-decisions.ts';
import type { Troubles } from './troubles.ts';

export type RecoveryLanePorts = Omit<StartDuePorts & StopRunawaysPorts & TellDecisionsPorts, 'expectations'> & {
  /** As the file says now. */
  readonly expecting: () => Promise<Pick<RecoverPorts, 'expectations'>>;
  /** Whether what is started now could reach the ledger. */
  readonly mayStart: () => boolean;
};

export interface RecoveryLane {
  /** Decides on the failed runs among these, and of these pipelines. Never rejects: what fails is a trouble, and is tried again. */
  decide(runs: readonly ToldRun[], pipelines: readonly PipelineKey[], now: Instant): Promise<void>;
  /** Something is planned: starts what is due, and plans when to look next. */
  wake(): Promise<void>;
  close(): Promise<void>;
}

/** Another look in any case: what failed is tried again then, and the clock may have been set. */
const LONGEST_PAUSE_MS = 15_000;
/** After a look at what was due already, so that what cannot be done yet is not looked at again and again. */
const SHORTEST_PAUSE_MS = 250;

/**
 * Decides on failed runs, starts their next runs when they are due, and stops what runs for too long. What is planned is
 * in the store, so that it outlives this process. `onChanged`: incidents of these pipelines may say something else now.
 */
export function startRecoveryLane(
  ports: RecoveryLanePorts,
  troubles: Troubles,
  onChanged: (pipelines: readonly PipelineKey[]) => void,
): RecoveryLane {
  let last: Promise<void> = Promise.resolve();
  let stopping: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let looksAtMs = 0;
  let isClosed = false;
  /** Pipelines that could not be decided on: tried again at the next look. */
  const owed = new Map<string, PipelineKey>();

  const inTurn = (work: () => Promise<void>): Promise<void> => {
    last = last.then(work).then(
      () => troubles.end('recovery'),
      (error: unknown) => troubles.begin('recovery', error),
    );
    return last;
  };
  const expecting = async () => ({ ...ports, ...(await ports.expecting()) });

  /** Looks at what is due, in time. A look that is planned is never put off: plans are made more often than looks. */
  async function plan(leastMs = 0): Promise<void> {
    if (isClosed) return;
    const next = await ports.recoveries.nextDue().catch(() => undefined);
    if (isClosed) return;
    const dueMs = !ports.mayStart()
      ? SHORTEST_PAUSE_MS
      : next === undefined
        ? LONGEST_PAUSE_MS
        : epochMsOf(next) - epochMsOf(ports.clock.now());
    const pauseMs = Math.max(leastMs, Math.min(LONGEST_PAUSE_MS, dueMs));
    if (timer !== undefined && looksAtMs <= performance.now() + pauseMs) return;
    clearTimeout(timer);
    looksAtMs = performance.now() + pauseMs;
    timer = setTimeout(() => {
      timer = undefined;
      void wake();
    }, pauseMs);
    timer.unref();
  }

  async function startWhatIsDue(): Promise<void> {
    if (owed.size > 0) await decideOn([], [...owed.values()], ports.clock.now());
    if (!ports.mayStart()) return;
    const { pipelines } = await startDue(await expecting(), ports.clock.now());
    await tellDecisions(ports);
    if (pipelines.length > 0) onChanged(pipelines);
  }

  async function decideOn(runs: readonly ToldRun[], pipelines: readonly PipelineKey[], now: Instant): Promise<void> {
    const all = distinctPipelines([...pipelines, ...runs.map(({ run }) => pipelineOf(run))]);
    for (const key of all) owed.set(pipelineText(key), key);
    const deciding = await expecting();
    await recoverTouched(deciding, runs, pipelines, now);
    stopIn(
      all.filter(
        ({ environment, process_name }) =>
          policyOf(expectationFor(deciding.expectations, environment, process_name)).kill_after !== undefined,
      ),
      now,
    );
    for (const key of all) owed.delete(pipelineText(key));
    await tellDecisions(ports);
  }

  /** Beside the decisions: a command may take long to end, and nothing else waits for it. */
  function stopIn(pipelines: readonly PipelineKey[], now: Instant): void {
    if (pipelines.length === 0 || isClosed) return;
    stopping = stopping
      .then(async () => {
        const deciding = await expecting();
        for (const pipeline of pipelines) if ((await stopRunaways(deciding, pipeline, now)) > 0) onChanged([pipeline]);
        await tellDecisions(ports);
      })
      .catch((error: unknown) => {
        for (const pipeline of pipelines) owed.set(pipelineText(pipeline), pipeline);
        troubles.begin('recovery', error);
      });
  }

  const wake = (): Promise<void> => inTurn(startWhatIsDue).then(() => plan(SHORTEST_PAUSE_MS));
  void plan();

  return {
    decide: (runs, pipelines, now) => inTurn(() => decideOn(runs, pipelines, now)).then(() => plan()),
    wake,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await last;
      await stopping;
    },
  };
}
