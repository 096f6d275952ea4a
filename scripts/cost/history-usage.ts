import { EVENTS_PER_RUN, type Load } from './load.ts';
import { assumed, measured } from './measured.ts';
import { prices } from './prices.ts';
import { logScansOf, type Scan, type StatementName, scannedBytesOf, scansOf } from './scans.ts';
import { MINUTES_PER_MONTH } from './stack-facts.ts';
import { sum } from './usage.ts';

/** The statements of a tick. */
export const STATEMENTS = Object.keys(scansOf) as readonly StatementName[];
const READING_LANDED: readonly StatementName[] = ['compact_events', 'count_lines'];
/** All but the one that counts. */
const WRITING_STATEMENTS = STATEMENTS.length - 1;
const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;

/** Bytes that the ticks of a month scan. A statement reads the day's partitions: half a day, on average over a day. */
export function scannedBytes({ events, steps }: Load, ticks: number): number {
  const dayEvents = events / DAYS_PER_MONTH / 2;
  const landed = (events / ticks) * measured.landedGzipBytes;
  const tick = STATEMENTS.map((statement) => {
    const read = READING_LANDED.includes(statement) ? landed : 0;
    return Math.max(prices.athenaLeastBytes, read + dayBytesOf(statement, dayEvents, steps));
  });
  // Small files of closed days are rewritten once.
  return ticks * sum(tick) + events * measured.logBytes;
}

/** Bytes of the tables that a statement reads over so many events. */
export function dayBytesOf(statement: StatementName, events: number, steps: number): number {
  const each = scannedBytesOf(statement);
  return events * each.event + (events / EVENTS_PER_RUN) * (each.run + steps * each.step);
}

/** Requests to S3 of a month's ticks. */
export function historyRequests({ compactEveryMinutes }: Load, ticks: number): { puts: number; gets: number } {
  const { filesPerStatement, readsPerFile } = assumed;
  /** In a day's partition of the logs; those of runs and steps hold twice as many, rows and the rows they replace. */
  const files = (1440 / compactEveryMinutes / 2) * filesPerStatement;
  const logScans = sum(STATEMENTS.map(logScansOf));
  const scans = sum(STATEMENTS.map((statement) => (scansOf[statement] as readonly Scan[]).length));
  return {
    // Data and metadata of each commit, and two files of each result.
    puts: ticks * (WRITING_STATEMENTS * (filesPerStatement + 4) + STATEMENTS.length * 2),
    gets: ticks * files * (logScans + 2 * (scans - logScans)) * readsPerFile,
  };
}
