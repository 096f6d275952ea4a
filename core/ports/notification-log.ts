import type { Instant } from '../instant.ts';

/**
 * Which notifications went out, by a key that names the alert and the channel. The entries outlive a rebuild, because
 * the raw lines do not hold them. Every method throws when the log cannot be reached.
 */
export interface NotificationLog {
  /** Whether the notification is recorded. A claim alone is no record. */
  has(key: string): Promise<boolean>;
  /** Records that the notification went out, claimed or not. It can never be claimed again. */
  record(key: string, now: Instant): Promise<void>;
  /**
   * Claims the right to send for `forMs` milliseconds. False when the notification is recorded, or when another
   * sender's claim has not expired at `now`; nothing is changed then. Of several that claim at the same time one gets
   * true. A sender that fails lets its claim expire: there is no way to give it back.
   */
  claim(key: string, now: Instant, forMs: number): Promise<boolean>;
}
