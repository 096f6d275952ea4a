import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import { pathId } from '../run/path-id.ts';
import type { RunState } from '../run/run-view.ts';
import { type Weekday, weekdayOf } from '../schedule/calendar.ts';
import { localDateOf } from '../schedule/zone.ts';
import { beginningOf } from './run-course.ts';

/**
 * What is usual of a pipeline: its latest good runs by weekday. It is kept with the pipeline's watch where the file asks
 * for it, and grows as runs end, so that judging reads no history. About 10 KB when full.
 */
export type Baseline = Readonly<Partial<Record<Weekday, readonly GoodRun[]>>>;

/** The slot that a run fills. */
type SlotOf = (run: RunState) => Instant | undefined;

type GoodRun = readonly [
  /** A hash of the run's id. */
  id: number,
  started_ms: number,
  duration_ms: number | null,
  records: number | null,
];

/** As many as `minimum_runs` may ask for. */
export const KEPT_PER_WEEKDAY = 30;

export const asksForBaseline = ({ records, longer_than_usual }: Expectation): boolean =>
  records?.anomaly !== undefined || longer_than_usual !== undefined;

/**
 * The baseline with these runs; the same when none is new. Failed runs and backfills are left out, also those that say so
 * only by the age of their slot. What is kept depends on the runs alone, not on the order in which they come.
 */
export function baselineWith(
  baseline: Baseline,
  runs: readonly RunState[],
  expectation: Expectation,
  slotOf: SlotOf,
): Baseline {
  let next: Baseline = baseline;
  for (const run of runs) {
    const good = goodRunOf(run, expectation, slotOf);
    const day = weekdayOfRun(run, expectation, slotOf);
    if (good === undefined || day === undefined) continue;
    const known = next[day] ?? [];
    const others = known.filter(([id]) => id !== good[0]);
    const kept = [...others, good].sort(byStart).slice(-KEPT_PER_WEEKDAY);
    if (JSON.stringify(kept) !== JSON.stringify(known)) next = { ...next, [day]: kept };
  }
  return next;
}

const byStart = (a: GoodRun, b: GoodRun): number => a[1] - b[1] || a[0] - b[0];

function goodRunOf(run: RunState, { backfill_after }: Expectation, slotOf: SlotOf): GoodRun | undefined {
  const { status, run_mode, start_time, run_id, duration_ms } = run;
  if (status !== 'SUCCESS' || run_mode === 'backfill' || start_time === null) return undefined;
  const slot = slotOf(run);
  if (slot !== undefined && epochMsOf(start_time) - epochMsOf(slot) > backfill_after) return undefined;
  return [pathId(run_id ?? ''), epochMsOf(start_time), duration_ms, recordsOf(run)];
}

/** The day of its slot, else of its beginning, in the schedule's zone. */
export function weekdayOfRun(run: RunState, { schedule }: Expectation, slotOf: SlotOf): Weekday | undefined {
  const moment = slotOf(run) ?? beginningOf(run);
  return moment === null ? undefined : weekdayOf(localDateOf(moment, schedule?.timezone ?? 'UTC'));
}

/** How many records a run wrote, else read. */
export const recordsOf = ({ records_out, records_in }: RunState): number | null => records_out ?? records_in;

/** What is usual for one run. */
export interface Usual {
  readonly weekday: Weekday;
  /** Of good runs of the same weekday that began before it. */
  readonly durations: readonly number[];
  readonly records: readonly number[];
}

/** What was usual when this run began: later runs do not change what is said of it. */
export function usualOf(
  baseline: Baseline | undefined,
  run: RunState,
  expectation: Expectation,
  slotOf: SlotOf,
): Usual | undefined {
  const weekday = weekdayOfRun(run, expectation, slotOf);
  if (baseline === undefined || weekday === undefined) return undefined;
  const began = epochMsOf(beginningOf(run) ?? instantOf(0));
  const before = (baseline[weekday] ?? []).filter(([, started_ms]) => started_ms < began);
  const known = (place: 2 | 3): number[] => before.flatMap((each) => each[place] ?? []);
  return { weekday, durations: known(2), records: known(3) };
}

/** What lies within some deviations of the median. */
export interface Band {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly sample: number;
}

/**
 * Median ± so many median absolute deviations, which single outliers do not move. Undefined: the sample is too small.
 * `leastDeviation` stands for the deviation of runs that are all the same, of which any other number would be unusual.
 */
export function bandOf(
  sample: readonly number[],
  { deviations, minimum_runs }: { readonly deviations: number; readonly minimum_runs: number },
  leastDeviation: (median: number) => number,
): Band | undefined {
  if (sample.length < minimum_runs) return undefined;
  const median = medianOf(sample);
  const deviation = Math.max(medianOf(sample.map((each) => Math.abs(each - median))), leastDeviation(median));
  return {
    median,
    low: Math.max(0, median - deviations * deviation),
    high: median + deviations * deviation,
    sample: sample.length,
  };
}

function medianOf(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (place: number) => sorted[place] ?? 0;
  return sorted.length % 2 === 1 ? at(Math.floor(middle)) : (at(middle - 1) + at(middle)) / 2;
}
