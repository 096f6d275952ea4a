import type { Instant } from '../instant.ts';

/**
 * Which notifications went out, by a key that names what was notified of and to whom. The entries outlive a rebuild,
 * because the raw lines do not hold them.
 */
export interface NotificationLog {
  has(key: string): Promise<boolean>;
  /** Records that the notification went out. */
  record(key: string, now: Instant): Promise<void>;
  /**
   * Claims the right to send for `forMs` milliseconds. False when it went out already, or when another sender's claim
   * has not expired yet.
   */
  claim(key: string, now: Instant, forMs: number): Promise<boolean>;
}
