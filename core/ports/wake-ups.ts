import type { Instant } from '../instant.ts';
import type { RecoveryKey } from '../recovery/recovery.ts';

/**
 * Wakes whoever carries out decisions when a moment of a recovery has come. It only wakes: what is to be done stands in the
 * store of recoveries, so that a moment that is told twice, or was lost, starts nothing twice.
 */
export interface WakeUps {
  /** Planning one moment of a recovery again changes nothing. Throws when it cannot be planned. */
  plan(key: RecoveryKey, at: Instant): Promise<void>;
}
