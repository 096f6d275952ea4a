import { errorMessage } from '../core/error-message.ts';
import { type DataObject, joinDates, NO_DATES, type ObjectDates } from '../core/objects/data-object.ts';
import { tracked } from '../core/objects/object-change.ts';
import type { RunTransition, UpdatedRun } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { isHeartbeatOnly } from '../core/run/heartbeat-only.ts';
import { merge, type Run } from '../core/run/run.ts';
import { indexOf, logDatesOf, runDatesOf } from '../core/run/run-index.ts';

/** Some of an object's events, folded. */
export interface RunBatch {
  readonly runs: readonly Run[];
  readonly event_dates: readonly string[];
}

/** The tracking of one object, in one batch or in many. */
export interface ObjectTracking {
  /** Merges a batch into the live runs. Throws what the live store throws. */
  merge(batch: RunBatch): Promise<MergedRuns>;
  /** Leaves a batch out, as if it could not be merged. */
  skip(): void;
  /**
   * Marks the recorded object tracked once every batch of it was given. When one could not be merged the object stays
   * recorded only, so that `trackRecorded` reads it again. `landed`: it has just come to the store.
   */
  mark(object: string, landed?: Pick<DataObject, 'size_bytes'>): Promise<void>;
}

/** Tracks one object. What its batches touched is kept in memory until it is marked. */
export function startTracking(live: LiveStore): ObjectTracking {
  let dates: ObjectDates = NO_DATES;
  let asOf: number | undefined;
  let isComplete = true;
  return {
    async merge({ runs, event_dates }) {
      try {
        asOf ??= await live.dateChanges();
        const { transitions, failures, date_changes, ...touched } = await trackRuns(live, runs);
        // Changes of its own are in its dates.
        asOf += date_changes;
        dates = joinDates(dates, { ...touched, event_dates: [...event_dates, ...touched.event_dates] });
        return { transitions, failures };
      } catch (error) {
        isComplete = false;
        throw error;
      }
    },
    skip() {
      isComplete = false;
    },
    async mark(object, landed) {
      if (isComplete) await live.changeObjects([object], tracked(dates, asOf ?? (await live.dateChanges()), landed));
    },
  };
}

/** Each run before and after. */
export interface MergedRuns {
  readonly transitions: readonly RunTransition[];
  /** One for each run that could not be merged: a fault of the run, not of the store. */
  readonly failures: readonly Error[];
}

/** Also the dates that SQL needs to derive the same runs from the lake. */
export interface TrackedRuns extends MergedRuns, ObjectDates {
  /** How many of the runs came to have dates that they had not. */
  readonly date_changes: number;
}

/**
 * Merges runs into the live store. A change that is only a young sign of life is not written: the next heartbeat brings
 * it. A run that cannot be merged stays as it is stored, and the others go on: the lake has its events. Throws what the
 * live store throws; repeating it is safe.
 */
export async function trackRuns(live: LiveStore, runs: readonly Run[]): Promise<TrackedRuns> {
  const eventDates = new Set<string>();
  const logDates = new Set<string>();
  const runDates = new Set<string>();
  const failures: Error[] = [];
  const updated = (stored: Run | undefined, arriving: Run): UpdatedRun | undefined => {
    const run = stored === undefined ? arriving : merge(stored, arriving);
    for (const date of logDatesOf(run)) {
      logDates.add(date);
      // A copy of an untimed event may stand on any date of its run.
      if (arriving.untimed !== undefined) eventDates.add(date);
    }
    for (const date of runDatesOf(run)) runDates.add(date);
    if (stored !== undefined && isHeartbeatOnly(stored, run)) return undefined;
    return { run, index: indexOf(run), new_dates: stored !== undefined && hasNewDates(stored, run) };
  };
  const transitions = await live.updateRuns(runs, (stored, arriving) => {
    try {
      return updated(stored, arriving);
    } catch (cause) {
      for (const date of arriving.event_dates) {
        logDates.add(date);
        runDates.add(date);
      }
      failures.push(unmergeable(arriving, cause));
      return undefined;
    }
  });
  const changed = transitions.filter(({ before, after }) => before !== undefined && hasNewDates(before, after));
  return {
    event_dates: [...eventDates].sort(),
    log_dates: [...logDates].sort(),
    run_dates: [...runDates].sort(),
    transitions,
    failures,
    date_changes: changed.length,
  };
}

/** A row of the run may stand on a date on which it could not stand before. The dates of its events are among these. */
function hasNewDates(before: Run, after: Run): boolean {
  const known = new Set(runDatesOf(before));
  return runDatesOf(after).some((date) => !known.has(date));
}

const unmergeable = ({ run_id, process_name }: Run, cause: unknown): Error =>
  new Error(
    `Expected to merge events into the live run ${run_id} of ${process_name}, got: ${errorMessage(cause)}. ` +
      'The run stays as it was; its events go into the tables all the same.',
    { cause },
  );
