import { measured } from './measured.ts';

type LogColumn = keyof typeof measured.logColumnBytes;

/** One scan of a table in the plan of a statement. */
export type Scan =
  | {
      readonly table: 'pipeline_logs';
      /** The columns it reads of those that are more than a trace (`measured.logColumnBytes`), in the order listed there. */
      readonly columns: readonly LogColumn[];
    }
  /** Small tables, of which the price takes every column. */
  | { readonly table: 'pipeline_run_state' | 'pipeline_steps' | 'run_changes' | 'job_metrics' };

const FOUND_BY = ['run_id', 'process_name'] as const satisfies readonly LogColumn[];
/** What tells one try of a step from another; and when each began and ended, which only runs ask. */
const TRIED = ['run_id', 'process_name', 'step_name', 'step_index'] as const satisfies readonly LogColumn[];
const TOLD = [
  'event_time',
  'start_time',
  'run_id',
  'end_time',
  'process_name',
  'step_name',
  'step_index',
  'event_type',
  'status',
] as const satisfies readonly LogColumn[];
const DERIVED_FROM = ['event_id', ...TOLD, 'duration_ms'] as const satisfies readonly LogColumn[];

/**
 * What the plan of each statement of a tick scans beside the landed lines, by the statement's name, as `explain` on
 * Trino 476 shows it. A scan that a plan adds is bytes on every bill: change it here with the plan.
 */
export const scansOf = {
  compact_events: [{ table: 'pipeline_logs', columns: ['event_key', 'event_time'] }],
  count_lines: [{ table: 'pipeline_logs', columns: ['event_key'] }],
  summarize_runs: [
    { table: 'pipeline_logs', columns: FOUND_BY },
    { table: 'pipeline_logs', columns: TOLD },
    { table: 'pipeline_logs', columns: DERIVED_FROM },
    { table: 'pipeline_run_state' },
  ],
  summarize_steps: [
    { table: 'pipeline_logs', columns: FOUND_BY },
    { table: 'pipeline_logs', columns: TRIED },
    { table: 'pipeline_logs', columns: DERIVED_FROM },
    { table: 'pipeline_run_state' },
    { table: 'pipeline_steps' },
  ],
  record_changes: [
    { table: 'pipeline_run_state' },
    { table: 'run_changes' },
    { table: 'run_changes' },
    { table: 'run_changes' },
  ],
  aggregate_metrics: [
    { table: 'pipeline_run_state' },
    { table: 'pipeline_run_state' },
    { table: 'job_metrics' },
    { table: 'job_metrics' },
  ],
} as const satisfies Readonly<Record<string, readonly Scan[]>>;

export type StatementName = keyof typeof scansOf;

/** Scans of the log in one statement. */
export const logScansOf = (statement: StatementName): number =>
  scansOf[statement].filter(({ table }) => table === 'pipeline_logs').length;

/** Bytes that a statement reads for each event, run and step of the days it reads. */
export function scannedBytesOf(statement: StatementName): { event: number; run: number; step: number } {
  const total = { event: 0, run: 0, step: 0 };
  for (const scan of scansOf[statement] as readonly Scan[]) {
    if (scan.table === 'pipeline_logs')
      for (const column of scan.columns) total.event += measured.logColumnBytes[column];
    if (scan.table === 'pipeline_run_state') total.run += measured.runBytes;
    if (scan.table === 'pipeline_steps') total.step += measured.stepBytes;
  }
  return total;
}
