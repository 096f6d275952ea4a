import { durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantAfter } from '../instant.ts';
import type { Expectation } from '../pipelines/expectations.ts';
import type { RunState } from '../run/run-view.ts';
import { hasEnded } from '../run/work-view.ts';
import type { Weekday } from '../schedule/calendar.ts';
import type { ShownStatus } from '../schema/status.ts';
import { type Band, bandOf, recordsOf, type Usual } from './baseline.ts';
import type { Condition } from './condition.ts';
import { shownBy } from './shown-by.ts';

/** What a run does beside what its pipeline usually does on that weekday. Nothing while too few runs are known. */
export interface UnusualRun {
  readonly conditions: readonly Condition[];
  /** When an open run becomes longer than usual. */
  readonly longAt: Instant | undefined;
}

/** A tenth of a percent of records is no anomaly, nor are some seconds of a job of a minute. */
const leastRecords = (median: number): number => Math.max(1, 0.01 * median);
const leastDuration = (median: number): number => Math.max(10_000, 0.05 * median);

export function judgeUsual(
  { longer_than_usual, records }: Expectation,
  run: RunState,
  status: ShownStatus,
  usual: Usual | undefined,
  now: Instant,
): UnusualRun {
  if (usual === undefined || run.run_mode === 'backfill') return { conditions: [], longAt: undefined };
  const long = longer_than_usual && bandOf(usual.durations, longer_than_usual, leastDuration);
  const anomaly = records?.anomaly && bandOf(usual.records, records.anomaly, leastRecords);
  const longAt = long && run.start_time !== null ? instantAfter(run.start_time, Math.round(long.high)) : undefined;
  return {
    conditions: [
      ...(long ? longer(run, status, long, longAt, usual.weekday, now) : []),
      ...(anomaly ? unusualRecords(run, status, anomaly, usual.weekday) : []),
    ],
    longAt,
  };
}

function longer(
  run: RunState,
  status: ShownStatus,
  band: Band,
  longAt: Instant | undefined,
  weekday: Weekday,
  now: Instant,
): readonly Condition[] {
  const { start_time, end_time } = run;
  if (longAt === undefined || start_time === null || status === 'CANCELLED' || status === 'SKIPPED') return [];
  const until = hasEnded(status) ? end_time : status === 'LOST' ? run.last_event_at : now;
  if (until === null || until <= longAt) return [];
  const usually = `at most ${durationShown(band.high)} is usual on ${DAYS[weekday]} (median ${durationShown(band.median)} of ${band.sample} good runs)`;
  const text = hasEnded(status)
    ? `took ${durationShown(epochMsOf(until) - epochMsOf(start_time))}, ${usually}`
    : `has been running for longer than usual: ${usually}`;
  return [{ ...shownBy(run, 'LONGER_THAN_USUAL', text), occurred_at: longAt }];
}

function unusualRecords(run: RunState, status: ShownStatus, band: Band, weekday: Weekday): readonly Condition[] {
  const count = recordsOf(run);
  if (status !== 'SUCCESS' || count === null || (count >= band.low && count <= band.high)) return [];
  const from = `${Math.ceil(band.low)} to ${Math.floor(band.high)}`;
  const text = `wrote ${count} records, ${from} are usual on ${DAYS[weekday]} (median ${band.median} of ${band.sample} good runs)`;
  return [shownBy(run, 'RECORDS', text)];
}

const DAYS: Readonly<Record<Weekday, string>> = {
  mon: 'Mondays',
  tue: 'Tuesdays',
  wed: 'Wednesdays',
  thu: 'Thursdays',
  fri: 'Fridays',
  sat: 'Saturdays',
  sun: 'Sundays',
};
