/** The `reporter` of what the ledger itself tells of a run: its decisions, and the end of what it stopped. */
export const LEDGER_REPORTER = 'runledger';
