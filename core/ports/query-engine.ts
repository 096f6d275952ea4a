import type { Columns, RowOf } from '../schema/column-type.ts';
import type { Arguments, Dialect, Parameters, Query } from '../typed-query.ts';

/** The lake's query engine: runs typed queries, nothing else. */
export interface QueryEngine {
  readonly dialect: Dialect;
  /** Throws `EngineUnavailableError` when it cannot be asked. Rows in the order the query gives; instants as `…Z` text, integers as exact numbers, unknown as null. */
  query<P extends Parameters, C extends Columns>(
    query: Query<P, C>,
    values: Arguments<P>,
  ): Promise<readonly RowOf<C>[]>;
  /** Makes the tables that are missing, adds the columns that are new, replaces the views. Never drops. */
  migrate(): Promise<readonly string[]>;
}

/** The engine could not be asked: what was asked did not run, or nobody knows whether it did. */
export class EngineUnavailableError extends Error {
  override readonly name: string = 'EngineUnavailableError';
}

/** Nobody could see a statement to its end: it may still be running, and write. */
export class StatementAtLargeError extends EngineUnavailableError {
  override readonly name = 'StatementAtLargeError';
}

/**
 * The caller had no more time, so the statement was cancelled or not started. It speaks against what the statement was to
 * take only when a caller with all of its time runs out of it as well.
 */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}
