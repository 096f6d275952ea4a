/** One writer at a time for each name: a table of the lake, say. */
export interface WriterLease {
  /**
   * Null when somebody else holds it. The fence is higher than any before, so that what an overtaken writer left
   * behind can be told from ours. A holder who asks again gets it anew: give each invocation a name of its own.
   */
  acquire(name: string, holder: string, nowMs: number, ttlMs: number): Promise<{ readonly fence: number } | null>;
  /** False when somebody else has taken it since: stop writing. */
  renew(name: string, holder: string, fence: number, nowMs: number, ttlMs: number): Promise<boolean>;
  /** Gives it back; does nothing when somebody else has taken it since. */
  release(name: string, holder: string, fence: number): Promise<void>;
}
