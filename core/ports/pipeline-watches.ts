import type { Instant } from '../instant.ts';

/** A pipeline in one environment. */
export interface PipelineKey {
  readonly environment: string;
  readonly process_name: string;
}

/** What the ledger remembers of a pipeline to watch it by the clock. */
export interface Watch extends PipelineKey {
  /** Since when it is watched: slots before are nobody's business. */
  readonly since: Instant;
  /** Slots before this moment are settled, or have an open incident. */
  readonly judged_until: Instant;
  /** When its latest good run ended; undefined when none was seen. */
  readonly last_good_at?: Instant | undefined;
  /** The next moment at which the clock alone may change what is said of it. */
  readonly next_check?: Instant | undefined;
}

/**
 * Which pipelines are watched, and when each is to be looked at again. They outlive a rebuild of the live store. Every
 * method throws when the store cannot be reached. Lists may lag behind a change by moments.
 */
export interface PipelineWatches {
  /** Changes a watch in one step, as `changeIncident` does an incident. */
  changeWatch(key: PipelineKey, change: (stored: Watch | undefined) => Watch): Promise<Watch>;
  /** Watches whose next check is at or before this moment, the longest due first. They stay due until they are changed. */
  dueWatches(now: Instant, limit: number): Promise<readonly Watch[]>;
  /** Every watch, by environment and name, in the order of code points. */
  listWatches(): Promise<readonly Watch[]>;
}
