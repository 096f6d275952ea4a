/** Bounds that the ledger sets itself. A test holds each against the code. */
export const bounds = {
  /** Objects whose paths one statement names. */
  objectsPerStatement: 500,
  /** Bytes of the largest statement with as many paths as Firehose makes them. */
  largestStatementBytes: 134_000,
  /** Partitions that one statement writes. */
  datesPerStatement: 50,
  /** A stage takes no new work when its function has no more than this left. */
  reservedSeconds: 300,
  /** Seconds after which a statement is cancelled. */
  statementSeconds: 600,
  /** Runs that the clock reads at a time, and changes of them on their way at a time. */
  runsPerPage: 100,
  clockUpdatesAtOnce: 8,
} as const;
