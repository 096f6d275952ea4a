import { epochMsOf, type Instant } from '../instant.ts';
import type { RunState } from '../run/run-view.ts';
import type { ToldRun } from '../run/told-run.ts';
import type { RecoveryPolicy } from './policy.ts';
import { type Restart, START_GRACE_MS, type StartedRun } from './recovery.ts';
import { resumeStep } from './resume-step.ts';
import { isResourceError } from './retryable.ts';

/** What the next run of a slot is given after this one failed. */
export function nextRun(
  { run, steps }: ToldRun,
  policy: RecoveryPolicy,
  slotRuns: readonly RunState[],
  restarts: readonly Restart[],
  run_attempt: number,
  failedIncrementals: number,
): StartedRun {
  const run_id = run.run_id ?? '';
  const own = restarts.find((each) => each.run_id === run_id);
  const isFull = policy.fallback_to_full_after !== undefined && failedIncrementals >= policy.fallback_to_full_after;
  const from_step = policy.resume === 'from_failed_step' && !isFull ? resumeStep(steps) : undefined;
  return {
    run_id: restartId(originOf(run, slotRuns, restarts), run_attempt),
    parent_run_id: run_id,
    root_run_id: run.root_run_id ?? own?.root_run_id ?? run_id,
    run_attempt,
    run_mode: isFull ? 'full' : (run.run_mode ?? 'retry'),
    ...(from_step !== undefined && { from_step }),
    params: grownParams(policy, [run, ...slotRuns]),
    ...(run.scheduled_for !== null && { scheduled_for: run.scheduled_for }),
  };
}

const MAX_ID_LENGTH = 200;

/** The same whoever decides: two deciders name one run. */
export const restartId = (origin: string, run_attempt: number): string =>
  `${origin.slice(0, MAX_ID_LENGTH)}-try${run_attempt}`;

/** The first run of a chain of restarts: as the ledger started them, else as the runs tell, as far as they are known. */
export function originOf(run: RunState, others: readonly RunState[], restarts: readonly Restart[] = []): string {
  const byId = new Map(others.map((each) => [each.run_id, each]));
  const startedFor = new Map(restarts.map(({ run_id, of_run_id }) => [run_id, of_run_id]));
  const seen = new Set<string>();
  let first = run.run_id ?? '';
  for (let parent = parentOf(run); parent !== undefined && !seen.has(parent); ) {
    seen.add(parent);
    first = parent;
    const known = byId.get(parent);
    parent = known === undefined ? startedFor.get(parent) : parentOf(known);
  }
  return first;

  function parentOf({ run_id, run_attempt, parent_run_id, process_name }: RunState): string | undefined {
    const started = startedFor.get(run_id ?? '');
    if (started !== undefined) return started;
    // A first attempt with a parent is a part of that one, as a rule another pipeline's.
    if ((run_attempt ?? 1) < 2 || parent_run_id === null) return undefined;
    return byId.get(parent_run_id)?.process_name === process_name ? parent_run_id : undefined;
  }
}

/** Once for each run of the slot that ran out of a resource, within the bounds of the file. */
function grownParams({ on_resource_error }: RecoveryPolicy, runs: readonly RunState[]): StartedRun['params'] {
  const times = new Set(runs.filter(isResourceError).map(({ run_id }) => run_id)).size;
  if (times === 0) return {};
  return Object.fromEntries(
    Object.entries(on_resource_error).map(([name, { from, factor, max }]) => {
      const grown = Math.min(max, from * factor ** times);
      return [name, String(Number.isInteger(from) && Number.isInteger(max) ? Math.round(grown) : grown)];
    }),
  );
}

/** Starts that may yet become a run that nobody has heard of. */
export const underWay = (restarts: readonly Restart[], now: Instant): readonly Restart[] =>
  restarts.filter(
    ({ state, claimed_at }) =>
      state === 'planned' ||
      state === 'claimed' ||
      state === 'started' ||
      (state === 'unclear' && claimed_at !== undefined && epochMsOf(now) - epochMsOf(claimed_at) < START_GRACE_MS),
  );
