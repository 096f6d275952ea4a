/** Days whose metrics have to be computed again, `YYYY-MM-DD`. Every method throws when the store cannot be reached or written. */
export interface DueDays {
  /** Repeating it after a throw is safe. */
  addDueDays(run_dates: readonly string[]): Promise<void>;
  /** Oldest first. Taking a day begins the work on it, and leaves it due. */
  dueDays(limit: number): Promise<readonly string[]>;
  /** Ends the work on these days: each is due no more, unless it was added again since it was last taken. */
  removeDueDays(run_dates: readonly string[]): Promise<void>;
}
