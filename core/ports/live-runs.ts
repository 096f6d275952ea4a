import type { Instant } from '../instant.ts';
import type { Run } from '../run/run.ts';
import type { RunIndex } from '../run/run-index.ts';

/** Runs as they are now. Every method throws when the store cannot be reached or written. */
export interface LiveRuns {
  /**
   * Updates runs one by one, each atomically: `update` is given what is stored, and what it returns is stored with its
   * index. It is called again when another writer came between. Undefined: leave the run as it is.
   *
   * Returns one transition for each run that arrived, in the order of arrival, also of those that were left as they were;
   * a run that arrived twice has one. A run that was neither stored before nor now has none.
   *
   * Throws what `update` throws, and when other writers always come first; then some runs may be updated. Updating is
   * safe to repeat when `update` merges.
   */
  updateRuns(
    runs: readonly Run[],
    update: (stored: Run | undefined, arriving: Run) => UpdatedRun | undefined,
  ): Promise<readonly RunTransition[]>;
  /**
   * How often an update has been stored with `new_dates`, counted in the same step as it was stored. While the number
   * stands still, the dates that a tracking found of its runs are those of today.
   */
  dateChanges(): Promise<number>;
  /** How many runs have not ended at `now`: of these, `open_runs` are under way, and `lost_runs` have fallen silent. */
  countOpenRuns(now: Instant): Promise<OpenRuns>;
  /** Latest start first. */
  listRuns(filter: RunFilter): Promise<readonly Run[]>;
  /**
   * Open runs with a check time between their last check and now, earliest check first. They are returned again until
   * they are marked, so that an interrupted check loses nothing.
   */
  dueRuns(now: Instant, limit: number): Promise<readonly Run[]>;
  /**
   * Records that these runs were checked at `now`. Check times after it stay due; an older `now` than the one recorded
   * changes nothing. Runs that ended, or are unknown, are passed over.
   */
  markChecked(runs: readonly Run[], now: Instant): Promise<void>;
}

/** Runs that have not ended, at one moment. */
export interface OpenRuns {
  readonly open_runs: number;
  readonly lost_runs: number;
}

export interface RunFilter {
  readonly process_name?: string | undefined;
  readonly environment?: string | undefined;
  readonly run_id?: string | undefined;
  /** Runs that have not ended. */
  readonly open?: boolean | undefined;
  /** Leaves out open runs whose lease has run out at this moment: they are lost, or failed in silence. */
  readonly alive_at?: Instant | undefined;
  /** Leaves out runs that started before this moment; of those not known to have started, that were queued or first told of then. */
  readonly since?: Instant | undefined;
  readonly limit: number;
}

/** Which runs people ask for. `alive`: open ones that are lost, or failed in silence, are left out. */
export type RunsFilter = Omit<RunFilter, 'alive_at'> & { readonly alive?: boolean | undefined };

/** What an update stores. */
export interface UpdatedRun {
  readonly run: Run;
  readonly index: RunIndex;
  /** A run that was stored before came to have dates that it had not. */
  readonly new_dates?: boolean;
}

/** A live run before and after a call. */
export interface RunTransition {
  /** Undefined of a new run. */
  readonly before: Run | undefined;
  /** As it is stored now: the same as `before` when nothing was written. */
  readonly after: Run;
}
