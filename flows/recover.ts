import { isOpenStatus } from '../core/alert/run-course.ts';
import { slotFinder } from '../core/alert/slot-of-run.ts';
import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import { type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import { pipelineOf, pipelineText } from '../core/pipelines/pipeline-key.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PipelineKey } from '../core/ports/pipeline-watches.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { asStarted } from '../core/recovery/as-started.ts';
import { withDecision, withHeard } from '../core/recovery/change-recovery.ts';
import { decideRecovery, failedAtOf, type RecoveryHistory } from '../core/recovery/decide-recovery.ts';
import { originOf, underWay } from '../core/recovery/next-run.ts';
import { isActive, policyOf, type RecoveryPolicy } from '../core/recovery/policy.ts';
import { newRecovery, type Recovery } from '../core/recovery/recovery.ts';
import type { RunState } from '../core/run/run-view.ts';
import { statusAt } from '../core/run/status-at.ts';
import { type ToldRun, toldRunOf } from '../core/run/told-run.ts';
import { slotsOf } from '../core/schedule/schedule.ts';

export interface RecoverPorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly recoveries: RecoveryStore;
  readonly expectations: Expectations;
}

/** Runs and recoveries of one pipeline that are read to decide. */
const HISTORY_RUNS = 300;
const HISTORY_RECOVERIES = 300;

/** Pipelines have nothing to do with each other: a store may take the changes of several at once. */
const PIPELINES_AT_ONCE = 50;

/** What is known of a pipeline when its failed runs are decided on. */
export interface PipelineRecovery {
  readonly policy: RecoveryPolicy;
  readonly runs: readonly ToldRun[];
  readonly recoveries: readonly Recovery[];
  /** The slot that decisions about a run belong to. */
  readonly slotOf: (run: RunState) => string;
}

export async function knownOf(
  { live, recoveries, expectations }: RecoverPorts,
  { environment, process_name }: PipelineKey,
  touched: readonly ToldRun[] = [],
): Promise<PipelineRecovery> {
  const expectation = expectationFor(expectations, environment, process_name);
  const [found, known] = [
    await live.listRuns({ environment, process_name, limit: HISTORY_RUNS }),
    await recoveries.listRecoveries({ environment, process_name, limit: HISTORY_RECOVERIES + touched.length }),
  ];
  const byId = new Map(touched.map((told) => [told.run.run_id, told]));
  for (const run of found) byId.set(run.run_id, toldRunOf(run));
  const runs = asStarted([...byId.values()], known);
  const states = runs.map(({ run }) => run);
  const startedFor = new Map(
    known.flatMap(({ slot, restarts }) => restarts.map(({ run_id }) => [run_id, slot] as const)),
  );
  const slots = slotFinder(expectation.schedule && slotsOf(expectation.schedule));
  return {
    policy: policyOf(expectation),
    runs,
    recoveries: known,
    // A run that the ledger started belongs where it was started for, whatever it says of itself.
    slotOf: (run) => startedFor.get(run.run_id ?? '') ?? slots(run) ?? `run ${originOf(run, states)}`,
  };
}

/**
 * Decides on the failed runs of a pipeline at a moment, and notes which restarts have been heard of. Repeating it changes
 * nothing; of two deciders at once one restart is made. Returns how many recoveries changed.
 */
export async function recoverPipeline(
  ports: RecoverPorts,
  pipeline: PipelineKey,
  touched: readonly ToldRun[],
  now: Instant,
): Promise<number> {
  const { environment, process_name } = pipeline;
  const expectation = expectationFor(ports.expectations, environment, process_name);
  const policy = policyOf(expectation);
  const isAllowed = isActive(policy);
  const hasStarted = policy.restart !== undefined || (await mayBeStarted(ports.recoveries, touched));
  if (!isAllowed && !hasStarted) return 0;
  const known = await knownOf(ports, pipeline, touched);
  let changed = await noteHeard(ports.recoveries, known, now);
  if (!isAllowed) return changed;
  const bySlot = Map.groupBy(known.runs, ({ run }) => known.slotOf(run));
  const failed = known.runs
    .flatMap((told) => {
      const at = failedAtOf(told.run, statusAt(told.run, now));
      return at === undefined ? [] : [{ told, at }];
    })
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const openIds = openRunIds(known, now);
  const recent = instantOf(epochMsOf(now) - known.policy.breaker.window);
  const facts = {
    failures: failed.filter(({ told, at }) => at > recent && told.run.status !== 'CANCELLED').length,
    failed_incrementals: failedIncrementals(known.runs.map(({ run }) => run)),
  };
  for (const { told } of failed) {
    const slot = known.slotOf(told.run);
    const key = { environment, process_name, slot };
    const own = (bySlot.get(slot) ?? []).map(({ run }) => run);
    const decide = (recovery: Recovery) =>
      decideRecovery(
        told,
        known.policy,
        { slot: own, open_runs: openIds.size, recovery, ...facts } satisfies RecoveryHistory,
        now,
      );
    const before = known.recoveries.find((each) => each.slot === slot) ?? newRecovery(key);
    if (decide(before) === undefined) continue;
    const after = await ports.recoveries.changeRecovery(key, (stored) => {
      const recovery = stored ?? newRecovery(key);
      const decision = decide(recovery);
      return decision === undefined ? stored : withDecision(recovery, told.run, decision, now);
    });
    for (const { run_id } of underWay(after?.restarts ?? [], now)) openIds.add(run_id);
    changed += 1;
  }
  return changed;
}

/** Decides on the failed runs of these pipelines, each once. What fails for one is thrown after the others. */
export async function recoverTouched(
  ports: RecoverPorts,
  runs: readonly ToldRun[],
  also: readonly PipelineKey[],
  now: Instant,
): Promise<number> {
  const byPipeline = Map.groupBy(runs, ({ run }) => pipelineText(pipelineOf(run)));
  const keys = new Map([...also, ...runs.map(({ run }) => pipelineOf(run))].map((key) => [pipelineText(key), key]));
  const all = [...keys];
  let changed = 0;
  const failures: unknown[] = [];
  for (let from = 0; from < all.length; from += PIPELINES_AT_ONCE) {
    const some = all.slice(from, from + PIPELINES_AT_ONCE);
    const outcomes = await Promise.allSettled(
      some.map(([text, key]) => recoverPipeline(ports, key, byPipeline.get(text) ?? [], now)),
    );
    for (const outcome of outcomes)
      if (outcome.status === 'fulfilled') changed += outcome.value;
      else failures.push(outcome.reason);
  }
  if (failures.length > 0) throw failures[0];
  return changed;
}

/** Whether one of these runs may have been started by the ledger: only then a pipeline without a policy is asked about. */
async function mayBeStarted(recoveries: RecoveryStore, touched: readonly ToldRun[]): Promise<boolean> {
  for (const { run } of touched)
    if (run.parent_run_id !== null || run.run_mode === 'backfill')
      if ((await recoveries.recoveryOfRun(pipelineOf(run), run.run_id ?? '')) !== undefined) return true;
  return false;
}

async function noteHeard(store: RecoveryStore, { runs, recoveries }: PipelineRecovery, now: Instant): Promise<number> {
  const ids = new Set(runs.map(({ run }) => run.run_id));
  const isKnown = (run_id: string) => ids.has(run_id);
  let changed = 0;
  for (const recovery of recoveries) {
    if (withHeard(recovery, isKnown, now).restarts.every((each, at) => each === recovery.restarts[at])) continue;
    await store.changeRecovery(recovery, (stored) => stored && withHeard(stored, isKnown, now));
    changed += 1;
  }
  return changed;
}

/** Open runs of the pipeline, and starts of it that nobody has heard of yet. */
export const openRunIds = ({ runs, recoveries }: PipelineRecovery, now: Instant): Set<string> => {
  const known = new Set(runs.map(({ run }) => run.run_id));
  return new Set([
    ...runs.filter(({ run }) => isOpenStatus(statusAt(run, now))).flatMap(({ run }) => run.run_id ?? []),
    ...recoveries
      .flatMap(({ restarts }) => underWay(restarts, now).map(({ run_id }) => run_id))
      .filter((id) => !known.has(id)),
  ]);
};

/** Since the last good run, newest first. */
function failedIncrementals(runs: readonly RunState[]): number {
  const newest = [...runs].sort((a, b) => ((a.first_event_at ?? '') < (b.first_event_at ?? '') ? 1 : -1));
  const lastGood = newest.findIndex(({ status }) => status === 'SUCCESS');
  return newest
    .slice(0, lastGood < 0 ? newest.length : lastGood)
    .filter(({ status, run_mode }) => run_mode === 'incremental' && (status === 'FAILED' || status === 'TIMED_OUT'))
    .length;
}
