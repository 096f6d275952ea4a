/** What a person asks in SQL: one SELECT over the ledger's own tables and views, and nothing else. */
export interface AnswerEngine {
  /** Throws `QueryRejectedError` with what was expected when the text is not such a SELECT, does not run, or takes too long. */
  answer(sql: string, limits: { readonly maxRows: number; readonly timeoutMs: number }): Promise<Answer>;
}

export interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Instants as `…Z` text, integers beyond 2^53 as text, unknown as null. */
  readonly rows: readonly (readonly unknown[])[];
  /** There were more than `maxRows`. */
  readonly truncated: boolean;
  readonly elapsed_ms: number;
  /** What the engine read for it, where that is billed. */
  readonly scanned_bytes?: number | undefined;
}

export class QueryRejectedError extends Error {
  override readonly name = 'QueryRejectedError';
}
