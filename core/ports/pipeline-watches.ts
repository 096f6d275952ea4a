import type { Baseline } from '../alert/baseline.ts';
import type { RunNews } from '../alert/run-news.ts';
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
  /** A hash of the schedule by which it was judged: slots of another one count from when that one holds. */
  readonly schedule?: number | undefined;
  /** When its latest good run ended; undefined when none was seen. */
  readonly last_good_at?: Instant | undefined;
  /** The next moment at which the clock alone may change what is said of it. */
  readonly next_check?: Instant | undefined;
  /** Its latest good runs, where the file asks what is usual. */
  readonly baseline?: Baseline | undefined;
  /** Starts and successes that have yet to be told, where the file asks for it. While there is one, it is due. */
  readonly news?: readonly RunNews[] | undefined;
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
