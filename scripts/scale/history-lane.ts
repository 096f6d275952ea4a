import { GZIP_LIMITS } from '../../aws/statement-limits.ts';
import { dayBytesOf, STATEMENTS } from '../cost/history-usage.ts';
import { assumed, measured } from '../cost/measured.ts';
import { logScansOf, type StatementName } from '../cost/scans.ts';
import { bounds } from './bounds.ts';
import { type Rate, rateOf, type Shape } from './shape.ts';

/** A stage of the history lane, as far as its pace goes. */
export interface Stage {
  /** The most events it takes at a time. */
  readonly eventsPerTake: number;
  /** Seconds it takes them in, on a day that has so many rows in the log already. */
  secondsOf(events: number, dayRows: number): number;
}

/** Processor seconds of Athena for this many microseconds of DuckDB, spread over the processors of a statement. */
const athenaSeconds = (microseconds: number): number =>
  (microseconds * 1e-6) / assumed.athenaPart / assumed.athenaProcessors;

const secondsOf = (statements: readonly StatementName[], microseconds: number, dayRows: number): number =>
  statements.length * assumed.statementSeconds +
  athenaSeconds(
    microseconds +
      statements.reduce((scans, each) => scans + logScansOf(each), 0) * dayRows * measured.scanMicroseconds,
  );

export function compaction(eventsPerObject: number): Stage {
  return {
    eventsPerTake: Math.min(
      bounds.objectsPerStatement * eventsPerObject,
      GZIP_LIMITS.compactBytes / measured.landedGzipBytes,
    ),
    secondsOf: (events, dayRows) =>
      secondsOf(['compact_events', 'count_lines'], events * measured.insertMicroseconds, dayRows),
  };
}

/** The runs of some events have earlier events, on average half of a run under way, and all of them are derived again. */
export function summaries(eventsPerObject: number, rate: Rate, { minutes }: Shape): Stage {
  const earlier = (rate.events * minutes * 60) / 2;
  return {
    eventsPerTake: Math.min(
      bounds.objectsPerStatement * eventsPerObject,
      GZIP_LIMITS.summarizeBytes / measured.landedGzipBytes,
    ),
    secondsOf: (events, dayRows) =>
      secondsOf(['summarize_runs', 'summarize_steps'], (events + earlier) * measured.deriveMicroseconds, dayRows),
  };
}

/** Minutes in which a stage takes the events of one tick, on a day that has so many rows already. */
export function tickMinutes({ eventsPerTake, secondsOf }: Stage, events: number, dayRows: number): number {
  let seconds = 0;
  for (let left = events; left > 0; left -= eventsPerTake) seconds += secondsOf(Math.min(left, eventsPerTake), dayRows);
  return seconds / 60;
}

/** Bytes that the largest statement of a tick scans at the end of a day. */
export const largestScan = (dayEvents: number, { steps }: Shape): number =>
  Math.max(...STATEMENTS.map((statement) => dayBytesOf(statement, dayEvents, steps)));

/** Bytes that OPTIMIZE reads of a day that is closed. */
export const optimizedBytes = (dayEvents: number): number => dayEvents * measured.logBytes;

export const stagesOf = (
  rate: Rate,
  objectsPerSecond: number,
  shape: Shape,
): Readonly<Record<'compact' | 'summarize', Stage>> => {
  const eventsPerObject = rate.events / objectsPerSecond;
  return {
    compact: compaction(eventsPerObject),
    summarize: summaries(eventsPerObject, rateOf(rate.events, shape), shape),
  };
};
