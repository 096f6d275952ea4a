import type { Instant } from '../instant.ts';

/** What was done once and must not be done again. They outlive a rebuild: what people were told is not in the lines. */
export interface NotificationLog {
  isSet(mark: string): Promise<boolean>;
  set(mark: string, now: Instant): Promise<void>;
  /** False when it is set, or when somebody else claimed it less than `forMs` ago and may be at it still. */
  claim(mark: string, now: Instant, forMs: number): Promise<boolean>;
}
