import type { Condition, Verdict } from '../core/alert/condition.ts';
import { heldUntil, type Incident, judged, type Subject } from '../core/alert/incident.ts';
import { judgePipeline } from '../core/alert/judge-pipeline.ts';
import { judgeSlot } from '../core/alert/judge-slot.ts';
import { beginningOf, isGoodStatus } from '../core/alert/run-course.ts';
import { slotOfRun } from '../core/alert/slot-of-run.ts';
import { epochMsOf, type Instant, instantAfter, instantOf } from '../core/instant.ts';
import { type Expectation, type Expectations, expectationFor } from '../core/pipelines/expectations.ts';
import type { IncidentStore } from '../core/ports/incident-store.ts';
import type { LiveRuns } from '../core/ports/live-runs.ts';
import type { PipelineKey, PipelineWatches, Watch } from '../core/ports/pipeline-watches.ts';
import { type RunState, viewOf } from '../core/run/run-view.ts';
import { type Slots, slotsOf } from '../core/schedule/schedule.ts';

/** What evaluating reads and writes. */
export interface EvaluatePipelinePorts {
  readonly live: Pick<LiveRuns, 'listRuns'>;
  readonly incidents: IncidentStore;
  readonly watches: PipelineWatches;
  /** As the file says now. */
  readonly expectations: Expectations;
}

/** Runs of one pipeline that are read to judge it; more only where a rule asks for its history. */
const FEW_RUNS = 30;
const HISTORY_RUNS = 300;
/** Slots judged at once: after a long absence the oldest are left to the next check. */
const MAX_SLOTS = 50;

/**
 * Judges one pipeline at a moment: the slots of the runs that have just changed, the slots whose time has come, what has
 * an incident, and the pipeline as a whole. Changes its incidents, and plans when to look again. Repeating it changes
 * nothing; of two at once each incident opens once. Returns the incidents that it changed.
 */
export async function evaluatePipeline(
  { live, incidents, watches, expectations }: EvaluatePipelinePorts,
  pipeline: PipelineKey,
  touched: readonly RunState[],
  now: Instant,
): Promise<readonly Incident[]> {
  const { environment, process_name } = pipeline;
  const expectation = expectationFor(expectations, environment, process_name);
  // Made once: making them reads the cron expression.
  const slots = expectation.schedule && slotsOf(expectation.schedule);
  const watch = await watches.changeWatch(
    pipeline,
    (stored) => stored ?? { ...pipeline, since: now, judged_until: now },
  );
  const open = await incidents.listIncidents({ environment, process_name, open: true, limit: 1000 });
  const runs = await runsOf(live, pipeline, expectation, touched);
  const last_good_at = latest([
    watch.last_good_at,
    ...runs.filter(isGoodRun).map(({ end_time }) => end_time ?? undefined),
  ]);

  const verdicts = [
    ...(slots === undefined
      ? judgeRuns(expectation, runs, open, now)
      : judgeSlots(expectation, slots, watch, runs, open, now)),
    ...judgePipeline(expectation, { since: watch.since, last_good_at, runs }, now),
  ];
  const changed: Incident[] = [];
  const checks: (Instant | undefined)[] = [nextStartBy(expectation, slots, now)];
  for (const [slot, verdict] of verdicts) {
    const subject: Subject = { environment, process_name, slot };
    const { next_check } = verdict;
    const timely = { ...verdict, conditions: verdict.conditions.filter((each) => isTimely(expectation, each, now)) };
    let before: Incident | undefined;
    const after = await incidents.changeIncident(subject, (stored) => {
      before = stored;
      return judged(stored, subject, timely, { now, holdMs: expectation.hold });
    });
    if (after !== undefined && after !== before) changed.push(after);
    checks.push(next_check, after && heldUntil(after, expectation.hold));
  }
  const next_check = checks.filter((at): at is Instant => at !== undefined && at > now).sort()[0];
  await watches.changeWatch(pipeline, (stored) => ({
    ...(stored ?? watch),
    judged_until: judgedUntil(expectation, slots, watch, now),
    last_good_at: latest([stored?.last_good_at, last_good_at]),
    next_check,
  }));
  return changed;
}

const isGoodRun = ({ status }: RunState): boolean => isGoodStatus(status);

/** Old troubles come to light when events are loaded later, sent again, or delivered late: they page nobody. */
const isTimely = ({ backfill_after }: Expectation, { occurred_at }: Condition, now: Instant): boolean =>
  occurred_at !== '' && epochMsOf(now) - epochMsOf(occurred_at) <= backfill_after;

async function runsOf(
  live: Pick<LiveRuns, 'listRuns'>,
  { environment, process_name }: PipelineKey,
  { failure_rate }: Expectation,
  touched: readonly RunState[],
): Promise<readonly RunState[]> {
  const filter = { environment, process_name };
  const latestRuns = await live.listRuns({ ...filter, limit: failure_rate === undefined ? FEW_RUNS : HISTORY_RUNS });
  const byId = new Map(touched.map((run) => [run.run_id, run]));
  for (const run of latestRuns) byId.set(run.run_id, viewOf(run).run);
  return [...byId.values()];
}

type Judged = readonly (readonly [slot: string, verdict: Verdict])[];

/** Without a schedule each run stands for itself, and a later good run mends it. */
function judgeRuns(
  expectation: Expectation,
  runs: readonly RunState[],
  open: readonly Incident[],
  now: Instant,
): Judged {
  const lastGoodStart = latest(runs.filter(isGoodRun).map(startOf));
  const withIncident = new Set(open.flatMap(({ run_ids }) => run_ids));
  return runs
    .filter((run) => !isGoodRun(run) || withIncident.has(run.run_id ?? '') || startOf(run) === lastGoodStart)
    .map((run) => {
      const laterGood = lastGoodStart !== undefined && lastGoodStart > startOf(run);
      return [`run ${run.run_id}`, judgeSlot(expectation, undefined, [run], { now, laterGood })] as const;
    });
}

function judgeSlots(
  expectation: Expectation,
  slots: Slots,
  watch: Watch,
  runs: readonly RunState[],
  open: readonly Incident[],
  now: Instant,
): Judged {
  const bySlot = Map.groupBy(runs, (run) => slotOfRun(slots, run) ?? '');
  const due = slots.between(watch.judged_until, instantAfter(now, 1) ?? now, MAX_SLOTS);
  const withIncident = open.map(({ slot }) => slot).filter((slot) => /^\d{4}-/.test(slot));
  const wanted = new Set(
    [...due, ...withIncident, ...bySlot.keys()].filter((slot) => slot !== '' && slot >= oldest(watch, expectation)),
  );
  return [...wanted].sort().map((slot) => {
    const own = bySlot.get(slot) ?? [];
    const lastStart = latest(own.map(startOf)) ?? slot;
    const laterGood = runs.some((run) => isGoodRun(run) && startOf(run) > lastStart);
    return [slot, judgeSlot(expectation, slot, own, { now, laterGood })] as const;
  });
}

/** Slots before the pipeline was watched are not judged, but for those that runs still fill. */
const oldest = ({ since }: Watch, { backfill_after }: Expectation): Instant =>
  instantOf(epochMsOf(since) - backfill_after);

/** A slot is settled once it can no longer be missed: its grace is over, so that it was found good or has an incident. */
function judgedUntil(
  { schedule }: Expectation,
  slots: Slots | undefined,
  { judged_until }: Watch,
  now: Instant,
): Instant {
  if (schedule === undefined || slots === undefined) return now;
  const passed = slots.between(judged_until, now, MAX_SLOTS);
  const waiting = passed.find((slot) => (instantAfter(slot, schedule.start_grace) ?? slot) >= now);
  if (waiting !== undefined) return waiting;
  const last = passed.at(-1);
  return passed.length === MAX_SLOTS && last !== undefined ? (instantAfter(last, 1) ?? now) : now;
}

/** When the next slot must have started. */
function nextStartBy({ schedule, paused }: Expectation, slots: Slots | undefined, now: Instant): Instant | undefined {
  if (schedule === undefined || slots === undefined || paused) return undefined;
  const next = slots.after(instantOf(epochMsOf(now) - schedule.start_grace));
  return next && instantAfter(next, schedule.start_grace + 1);
}

const startOf = (run: RunState): Instant => beginningOf(run) ?? '';

const latest = (moments: readonly (Instant | undefined)[]): Instant | undefined =>
  moments
    .filter((at): at is Instant => at !== undefined && at !== '')
    .sort()
    .at(-1);
