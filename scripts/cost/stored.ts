import type { LiveRun } from './live-runs.ts';
import { EVENTS_PER_RUN, type Load } from './load.ts';
import { measured } from './measured.ts';
import { prices } from './prices.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';
import { GB } from './usage.ts';

export const DAYS_PER_MONTH = MINUTES_PER_MONTH / 1440;
/** Entries of a run in two indexes that last, and what each item costs beside its content. */
const INDEX_BYTES = 2 * 250 + 100;
/** VACUUM leaves files that a snapshot of the last days needs (Athena's default of `vacuum_max_snapshot_age_seconds`). */
const SNAPSHOT_DAYS = 5;

/** What the events of a month come to, in GB. */
export interface Stored {
  readonly raw: number;
  /** How much of the raw lines the archive takes: of objects that are too small, nothing. */
  readonly moved: number;
  /** How many objects move there. */
  readonly movedObjects: number;
  readonly logs: number;
  readonly states: number;
  /** Small files of closed days, beside those that replaced them: until VACUUM deletes them, and as noncurrent versions. */
  readonly replaced: number;
  readonly live: number;
}

export function storedOf({ events, steps }: Load, objects: number, live: LiveRun, facts: StackFacts): Stored {
  const runs = events / EVENTS_PER_RUN;
  const raw = events * measured.landedGzipBytes;
  const isMoved = raw / objects >= prices.s3LeastMovedBytes;
  const logs = events * measured.logBytes;
  return {
    raw: raw / GB,
    moved: (isMoved ? raw : 0) / GB,
    movedObjects: isMoved ? objects : 0,
    logs: logs / GB,
    states: (runs * (measured.runBytes + steps * measured.stepBytes)) / GB,
    replaced: (logs * (SNAPSHOT_DAYS + facts.noncurrentDays)) / DAYS_PER_MONTH / GB,
    live: (runs * (live.storedBytes + INDEX_BYTES)) / GB,
  };
}
