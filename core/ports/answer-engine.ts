import type { Instant } from '../instant.ts';

/** Answers what a person asks in SQL: one SELECT over the ledger's own tables and views, and nothing else. */
export interface AnswerEngine {
  /**
   * Runs the SELECT and reads its first rows, as many as the limits allow. Changes nothing, whatever the text says. Throws
   * `QueryRejectedError`, with what was expected, when the text is no such SELECT, does not run, takes too long or too much
   * memory, or when its first row alone is too large; another error when the engine itself fails or cannot be reached.
   */
  answer(sql: string, limits: AnswerLimits): Promise<Answer>;
}

/** How much of an answer is wanted. */
export interface AnswerLimits {
  readonly maxRows: number;
  /** Characters of all rows as JSON text. */
  readonly maxLength: number;
  /** Milliseconds until the last row. */
  readonly timeoutMs: number;
}

/** What one question may take of the ledger, wherever it runs. */
export const ANSWER_LIMITS = { maxRows: 100_000, maxLength: 32 * 1024 * 1024 };

/** The longest time that a question may be given over HTTP. Clients of HTTP wait five minutes for an answer to begin. */
export const MAX_HTTP_TIMEOUT_MS = 240_000;

/** Of an answer whose first row is larger than it may be. */
export const rowTooLarge = (maxLength: number): QueryRejectedError =>
  new QueryRejectedError(
    `expected rows of at most ${(maxLength / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MB, got a larger one; select fewer columns, or parts of them with substr`,
  );

export interface Answer {
  /** In the order of the SELECT. Types are named as the engine names them, in lower case. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A value for each column. Instants are `…Z` text, integers beyond 2^53 text, unknown is null. */
  readonly rows: readonly (readonly unknown[])[];
  /** There were more rows than the limits allow. */
  readonly truncated: boolean;
  /** Milliseconds from the question to the last row. */
  readonly elapsed_ms: number;
  /** What is not in the answer yet, and why: one sentence or more. Absent when nothing is missing. */
  readonly note?: string | undefined;
  /** Bytes the engine read for it, where that is billed. */
  readonly scanned_bytes?: number | undefined;
  /** The moment as of which it was asked, where what it read is billed: asked again as of it, nothing is read. */
  readonly as_of?: Instant | undefined;
}

/** The question cannot be answered as it is: ask another. */
export class QueryRejectedError extends Error {
  override readonly name = 'QueryRejectedError';
}

/** Of a question that was stopped at its limit. */
export const tooLong = (timeoutMs: number, cause?: unknown): QueryRejectedError =>
  new QueryRejectedError(
    `the query took longer than ${timeoutMs / 1000} s and was stopped; ask for less, or allow it more time (runledger query --timeout 60s)`,
    {
      cause,
    },
  );
