/**
 * One writer at a time for each name: a table of the lake, say. A holder is an invocation, under a name of its own.
 * Times are milliseconds since 1970, by the caller's clock. Every method throws when the leases cannot be reached.
 */
export interface WriterLease {
  /**
   * Gives the lease for `ttlMs` milliseconds, or null while another holder has it. The fence is an integer higher than
   * any before of this name, so that what an overtaken writer left behind can be told from the present writer's. A
   * holder that asks again gets the lease again, under a new fence.
   */
  acquire(name: string, holder: string, nowMs: number, ttlMs: number): Promise<{ readonly fence: number } | null>;
  /**
   * Lets the lease expire `ttlMs` milliseconds from `nowMs`, under the same fence. False when the lease was given to
   * another holder, or to this one under another fence: stop writing then. True for a lease that expired meanwhile and
   * that nobody else has taken.
   */
  renew(name: string, holder: string, fence: number, nowMs: number, ttlMs: number): Promise<boolean>;
  /** Gives the lease back; does nothing when another holder, or another fence, has it by now. */
  release(name: string, holder: string, fence: number): Promise<void>;
}
