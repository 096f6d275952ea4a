/** A statement that Athena ran and that did not succeed. */
export class StatementFailed extends Error {
  override readonly name = 'StatementFailed';
  readonly executionId: string;
  /** Athena's own explanation. */
  readonly reason: string;
  /** It was stopped before it ended: by its deadline, by its caller, or in Athena's console. */
  readonly isCancelled: boolean;
  /** The text of the statement is wrong: a column that is not there, text where a number belongs. */
  readonly isOfItsText: boolean;
  /** It left nothing behind, and the same text may succeed when run again. */
  readonly isWorthAnotherRun: boolean;

  constructor(
    query: string,
    failure: {
      readonly executionId: string;
      readonly reason: string;
      readonly isCancelled: boolean;
      readonly isRetryable: boolean;
      readonly isOfItsText: boolean;
    },
  ) {
    const what = failure.isCancelled ? 'was cancelled' : 'failed';
    super(`query ${query} ${what}: ${failure.reason} (execution ${failure.executionId})${adviceFor(failure.reason)}`);
    this.executionId = failure.executionId;
    this.reason = failure.reason;
    this.isCancelled = failure.isCancelled;
    this.isOfItsText = failure.isOfItsText && !failure.isCancelled;
    this.isWorthAnotherRun = !failure.isCancelled && (failure.isRetryable || isLostRace(failure.reason));
  }
}

/** The limit is the workgroup's, which only an option of the stack changes. */
const adviceFor = (reason: string): string =>
  reason.includes('Bytes scanned limit') ? '; ask for less, or deploy with a larger scanLimitGb' : '';

/**
 * `ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table …`: another writer was first, nothing was written.
 * Athena does not flag it retryable; its own advice is to run the statement again (re:Post, "athena-iceberg-table-error").
 */
const isLostRace = (reason: string): boolean => reason.startsWith('ICEBERG_COMMIT_ERROR');
