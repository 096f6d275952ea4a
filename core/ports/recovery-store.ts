import type { Instant } from '../instant.ts';
import type { Recovery, RecoveryKey } from '../recovery/recovery.ts';

/**
 * What was decided about the slots of pipelines. It outlives a rebuild of the live store: decisions are not in the raw
 * lines. Every method throws when the store cannot be reached or written.
 */
export interface RecoveryStore {
  /**
   * Changes the recovery of a slot in one step, as `changeIncident` does an incident: `change` may be called again, and
   * when it returns what it was given, or undefined, nothing is written. `dueAt`: when the clock may change it next.
   */
  changeRecovery(
    key: RecoveryKey,
    change: (stored: Recovery | undefined) => Recovery | undefined,
  ): Promise<Recovery | undefined>;
  /** The recovery that started this run; undefined when none did. */
  recoveryOfRun(pipeline: Omit<RecoveryKey, 'slot'>, run_id: string): Promise<Recovery | undefined>;
  /** Those due at or before this moment, the longest due first. */
  dueRecoveries(now: Instant, limit: number): Promise<readonly Recovery[]>;
  /** When the next one is due; undefined when none is. */
  nextDue(): Promise<Instant | undefined>;
  /** Those with decisions that are not told yet. */
  untoldRecoveries(limit: number): Promise<readonly Recovery[]>;
  /** The latest decision first. */
  listRecoveries(filter: RecoveryFilter): Promise<readonly Recovery[]>;
}

export interface RecoveryFilter {
  readonly environment?: string | undefined;
  readonly process_name?: string | undefined;
  readonly slot?: string | undefined;
  readonly limit: number;
}
