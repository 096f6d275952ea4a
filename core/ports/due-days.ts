/** Days whose metrics have to be computed again. */
export interface DueDays {
  addDueDays(run_dates: readonly string[]): Promise<void>;
  dueDays(limit: number): Promise<readonly string[]>;
  removeDueDays(run_dates: readonly string[]): Promise<void>;
}
