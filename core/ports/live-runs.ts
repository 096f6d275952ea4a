import type { Instant } from '../instant.ts';
import type { Run } from '../run/run.ts';
import type { RunIndex } from '../run/run-index.ts';

/** Runs as they stand. */
export interface LiveRuns {
  /**
   * Updates runs one by one, each atomically: `update` is given what is stored, and what it returns is stored with its
   * index. It may be called again when another writer came between. Undefined: leave it.
   */
  updateRuns(
    runs: readonly Run[],
    update: (stored: Run | undefined, arriving: Run) => { readonly run: Run; readonly index: RunIndex } | undefined,
  ): Promise<void>;
  /** Latest start first. */
  listRuns(filter: RunFilter): Promise<readonly Run[]>;
  /**
   * Open runs of whose looks one has come that nobody has taken since, earliest first. They are given again until they
   * are marked, so that who is cut off in between loses nothing.
   */
  dueRuns(now: Instant, limit: number): Promise<readonly Run[]>;
  /** What was to be done about these runs at `now` is done. Looks that come after it stay. */
  markChecked(runs: readonly Run[], now: Instant): Promise<void>;
}

export interface RunFilter {
  readonly process_name?: string | undefined;
  readonly environment?: string | undefined;
  readonly run_id?: string | undefined;
  /** Runs that have not ended. */
  readonly open?: boolean | undefined;
  readonly limit: number;
}

/** A live run before and after an update; `before` is undefined for a new one. */
export interface RunUpdate {
  readonly before: Run | undefined;
  readonly after: Run;
}
