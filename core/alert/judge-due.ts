import { epochMsOf, type Instant, instantAfter, instantOf } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { Watch } from '../ports/pipeline-watches.ts';
import type { Standings } from '../recovery/standing.ts';
import type { RunState } from '../run/run-view.ts';
import type { ToldRun } from '../run/told-run.ts';
import type { Slots } from '../schedule/schedule.ts';
import { type Usual, usualOf } from './baseline.ts';
import type { Verdict } from './condition.ts';
import type { Incident } from './incident.ts';
import { judgePipeline, staleAtOf } from './judge-pipeline.ts';
import { judgeSlot } from './judge-slot.ts';
import { beginningOf, isGoodStatus } from './run-course.ts';
import { upstreamOf } from './upstream.ts';

/** Everything that is known of a pipeline when it is judged. */
export interface PipelineCase {
  readonly expectation: Expectation;
  readonly slots: Slots | undefined;
  readonly slotOf: (run: RunState) => Instant | undefined;
  readonly watch: Watch;
  /** Its latest runs, and those that have just changed. */
  readonly runs: readonly ToldRun[];
  readonly open: readonly Incident[];
  /** The latest incidents of the pipelines that it depends on; empty unless it is late. */
  readonly upstream: readonly Incident[];
  /** What the ledger itself does about failed runs, where the file lets it. */
  readonly standings?: Standings | undefined;
  readonly now: Instant;
}

export type SlotVerdict = readonly [slot: string, verdict: Verdict];

/** Slots judged at once: after a long absence the oldest are left to the next check. */
const MAX_SLOTS = 50;

/**
 * What is to be said of a pipeline at a moment: of the slots of its runs, the slots whose time has come, what has an
 * incident, and the pipeline as a whole. Pure.
 */
export function judgeDue(known: PipelineCase): readonly SlotVerdict[] {
  const { expectation, slots, watch, runs, upstream, now } = known;
  const { since, last_good_at } = watch;
  const staleAt = staleAtOf(expectation, { since, last_good_at });
  return [
    ...(slots === undefined ? judgeRuns(known) : judgeSlots(known, slots)),
    ...judgePipeline(
      expectation,
      {
        since,
        last_good_at,
        runs: runs.map(({ run }) => run),
        ...(staleAt !== undefined && { upstream: upstreamOf(upstream, last_good_at ?? since, staleAt) }),
      },
      now,
    ),
  ];
}

/** Whether it is late in a way that something upstream would explain. */
export const isLate = (verdicts: readonly SlotVerdict[]): boolean =>
  verdicts.some(([, { conditions }]) =>
    conditions.some(({ reason }) => reason === 'NOT_STARTED' || reason === 'NOT_FINISHED_BY' || reason === 'STALE'),
  );

/** Without a schedule each run stands for itself, and a later good run mends it. */
function judgeRuns(known: PipelineCase): readonly SlotVerdict[] {
  const { expectation, runs, open, standings, now } = known;
  const lastGoodStart = latest(runs.filter(isGoodRun).map(startOf));
  const withIncident = new Set(open.flatMap(({ run_ids }) => run_ids));
  return runs
    .filter((told) => !isGoodRun(told) || withIncident.has(told.run.run_id ?? '') || startOf(told) === lastGoodStart)
    .map((told) => {
      const laterGood = lastGoodStart !== undefined && lastGoodStart > startOf(told);
      const context = { now, laterGood, standings, usualOf: usualIn(known) };
      return [`run ${told.run.run_id}`, judgeSlot(expectation, undefined, [told], context)] as const;
    });
}

function judgeSlots(known: PipelineCase, slots: Slots): readonly SlotVerdict[] {
  const { expectation, slotOf, watch, runs, open, upstream, standings, now } = known;
  const bySlot = Map.groupBy(runs, ({ run }) => slotOf(run) ?? '');
  const due = slots.between(watch.judged_until, instantAfter(now, 1) ?? now, MAX_SLOTS);
  const withIncident = open.map(({ slot }) => slot).filter((slot) => /^\d{4}-/.test(slot));
  const wanted = new Set(
    [...due, ...withIncident, ...bySlot.keys()].filter((slot) => slot !== '' && slot >= oldest(watch, expectation)),
  );
  const grace = expectation.schedule?.start_grace ?? 0;
  return [...wanted].sort().map((slot) => {
    const own = bySlot.get(slot) ?? [];
    const lastStart = latest(own.map(startOf)) ?? slot;
    const laterGood = runs.some((told) => isGoodRun(told) && startOf(told) > lastStart);
    const context = {
      now,
      laterGood,
      standings,
      usualOf: usualIn(known),
      upstream: upstreamOf(upstream, slot, instantAfter(slot, grace) ?? slot),
    };
    return [slot, judgeSlot(expectation, slot, own, context)] as const;
  });
}

const usualIn =
  ({ watch, expectation, slotOf }: PipelineCase) =>
  (run: RunState): Usual | undefined =>
    usualOf(watch.baseline, run, expectation, slotOf);

/** Slots before the pipeline was watched are not judged, but for those that runs still fill. */
const oldest = ({ since }: Watch, { backfill_after }: Expectation): Instant =>
  instantOf(epochMsOf(since) - backfill_after);

/**
 * A slot is settled once it can no longer be missed: its grace is over, so that it was found good or has an incident. Moves
 * on only when a slot was settled, so that judging again writes nothing.
 */
export function judgedUntil({ slots, watch, now }: PipelineCase, verdicts: readonly SlotVerdict[]): Instant {
  if (slots === undefined) return watch.judged_until;
  const awaited = new Set(verdicts.flatMap(([slot, { isAwaited }]) => (isAwaited ? [slot] : [])));
  const passed = slots.between(watch.judged_until, now, MAX_SLOTS);
  const waiting = passed.find((slot) => awaited.has(slot));
  const last = passed.at(-1);
  return waiting ?? (last === undefined ? watch.judged_until : (instantAfter(last, 1) ?? now));
}

/** When the next slot must have started. */
export function nextStartBy({ expectation, slots, now }: PipelineCase): Instant | undefined {
  const { schedule, paused } = expectation;
  if (schedule === undefined || slots === undefined || paused) return undefined;
  const next = slots.after(instantOf(epochMsOf(now) - schedule.start_grace));
  return next && instantAfter(next, schedule.start_grace + 1);
}

const isGoodRun = ({ run }: ToldRun): boolean => isGoodStatus(run.status);
const startOf = ({ run }: ToldRun): Instant => beginningOf(run) ?? '';

/** The latest of some moments; those that are unknown are left out. */
export const latest = (moments: readonly (Instant | null | undefined)[]): Instant | undefined =>
  moments
    .filter((at): at is Instant => at !== undefined && at !== null && at !== '')
    .sort()
    .at(-1);
