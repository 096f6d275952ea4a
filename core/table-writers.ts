import type { TableName } from './schema/columns.ts';

/** Each table has one writer at a time. These are the names of the leases that the writers hold. */
export const WRITERS = ['pipeline_logs', 'pipeline_run_state', 'job_metrics'] as const;

/** The lease under which a table is written: steps and the changes of runs are written together with runs, under one. */
export const writerOf = (table: TableName): (typeof WRITERS)[number] =>
  table === 'pipeline_steps' || table === 'run_changes' ? 'pipeline_run_state' : table;

/**
 * How long a writer holds its lease unless it renews it or gives it back: longer than any invocation of a function, and
 * as long as a writer that was killed keeps the others out.
 */
export const WRITER_LEASE_MS = 16 * 60_000;

/** How long a statement may go on that nobody could see to its end: "DML query timeout: 30 minutes" (quotas of Athena). */
export const LONGEST_STATEMENT_MS = 30 * 60_000;
