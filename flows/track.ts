import { errorMessage } from '../core/error-message.ts';
import { dateOf } from '../core/instant.ts';
import { joinDates, NO_DATES, type ObjectDates, type RunDates } from '../core/objects/data-object.ts';
import { tracked } from '../core/objects/object-change.ts';
import type { RunTransition, UpdatedRun } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { isHeartbeatOnly } from '../core/run/heartbeat-only.ts';
import { merge, type Run } from '../core/run/run.ts';
import { indexOf, logDatesOf } from '../core/run/run-index.ts';
import { viewOf } from '../core/run/run-view.ts';

/** Some of an object's events, folded. */
export interface RunBatch {
  readonly runs: readonly Run[];
  readonly event_dates: readonly string[];
}

/** The tracking of one object, in one batch or in many. */
export interface ObjectTracking {
  /** Merges a batch into the live runs. Throws what the live store throws. */
  merge(batch: RunBatch): Promise<TrackedRuns>;
  /** Leaves a batch out, as if it could not be merged. */
  skip(): void;
  /**
   * Marks the recorded object tracked once every batch of it was given. When one could not be merged the object stays
   * recorded only, so that `trackRecorded` reads it again.
   */
  mark(object: string): Promise<void>;
}

/** Tracks one object. What its batches touched is kept in memory until it is marked. */
export function startTracking(live: LiveStore): ObjectTracking {
  let dates: ObjectDates = NO_DATES;
  let isComplete = true;
  return {
    async merge({ runs, event_dates }) {
      try {
        const merged = await trackRuns(live, runs);
        const { log_dates, run_dates } = merged;
        dates = joinDates(dates, { event_dates, log_dates, run_dates });
        return merged;
      } catch (error) {
        isComplete = false;
        throw error;
      }
    },
    skip() {
      isComplete = false;
    },
    async mark(object) {
      if (isComplete) await live.changeObjects([object], tracked(dates));
    },
  };
}

/** The dates that SQL needs to derive the same runs from the lake, and each run before and after. */
export interface TrackedRuns extends RunDates {
  readonly transitions: readonly RunTransition[];
  /** One for each run that could not be merged: a fault of the run, not of the store. */
  readonly failures: readonly Error[];
}

/**
 * Merges runs into the live store. A change that is only a heartbeat, younger than a third of the lease, is not written:
 * the next heartbeat brings it. A run that cannot be merged stays as it is stored, and the others go on: the lake has its
 * events. Throws what the live store throws; repeating it is safe.
 */
export async function trackRuns(live: LiveStore, runs: readonly Run[]): Promise<TrackedRuns> {
  const logDates = new Set<string>();
  const runDates = new Set<string>();
  const failures: Error[] = [];
  const updated = (stored: Run | undefined, arriving: Run): UpdatedRun | undefined => {
    const run = stored === undefined ? arriving : merge(stored, arriving);
    const view = viewOf(run).run;
    for (const date of logDatesOf(run)) logDates.add(date);
    if (view.run_date) runDates.add(view.run_date);
    if (stored !== undefined) {
      // A heartbeat moves no run to another date.
      if (isHeartbeatOnly(stored, run)) return undefined;
      runDates.add(viewOf(stored).run.run_date ?? dateOf(stored.first_event_at));
    }
    return { run, index: indexOf(run, view) };
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
  return { log_dates: [...logDates].sort(), run_dates: [...runDates].sort(), transitions, failures };
}

const unmergeable = ({ run_id, process_name }: Run, cause: unknown): Error =>
  new Error(
    `Expected to merge events into the live run ${run_id} of ${process_name}, got: ${errorMessage(cause)}. ` +
      'The run stays as it was; its events go into the tables all the same.',
    { cause },
  );
