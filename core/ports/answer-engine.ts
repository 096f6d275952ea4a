/** Answers what a person asks in SQL: one SELECT over the ledger's own tables and views, and nothing else. */
export interface AnswerEngine {
  /**
   * Runs the SELECT and reads at most `maxRows` rows. Changes nothing, whatever the text says. Throws
   * `QueryRejectedError`, with what was expected, when the text is no such SELECT, does not run, or takes longer than
   * `timeoutMs` milliseconds; another error when the engine itself fails or cannot be reached.
   */
  answer(sql: string, limits: { readonly maxRows: number; readonly timeoutMs: number }): Promise<Answer>;
}

export interface Answer {
  /** In the order of the SELECT. Types are named as the engine names them, in lower case. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A value for each column. Instants are `…Z` text, integers beyond 2^53 text, unknown is null. */
  readonly rows: readonly (readonly unknown[])[];
  /** There were more rows than `maxRows`. */
  readonly truncated: boolean;
  /** Milliseconds from the question to the last row. */
  readonly elapsed_ms: number;
  /** What is not in the answer yet, and why: one sentence or more. Absent when nothing is missing. */
  readonly note?: string | undefined;
  /** Bytes the engine read for it, where that is billed. */
  readonly scanned_bytes?: number | undefined;
}

/** The question cannot be answered as it is: ask another. */
export class QueryRejectedError extends Error {
  override readonly name = 'QueryRejectedError';
}
