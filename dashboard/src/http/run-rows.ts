import type { ShownRun } from './ledger.ts';
import { instantIn, numberIn, type Row, textIn } from './rows.ts';

/** A run as lists show it, whether the live store or SQL told of it. */
export type ListedRun = Pick<
  ShownRun,
  | 'environment'
  | 'process_name'
  | 'run_id'
  | 'status'
  | 'run_attempt'
  | 'queued_at'
  | 'start_time'
  | 'end_time'
  | 'duration_ms'
  | 'expected_max_duration_ms'
  | 'records_out'
  | 'error_code'
  | 'error_message'
  | 'error_step'
  | 'first_event_at'
  | 'last_event_at'
> & {
  readonly listed_at?: string | null;
  readonly tries?: number | null;
  readonly failed_checks?: number | null;
};

/** A row of `find-runs`, or of another question that has columns of runs; what it has not is null. */
export const runIn = (row: Row): ListedRun => ({
  environment: textIn(row, 'environment'),
  process_name: textIn(row, 'process_name'),
  run_id: textIn(row, 'run_id'),
  status: (textIn(row, 'status') ?? 'RUNNING') as ListedRun['status'],
  run_attempt: numberIn(row, 'run_attempt'),
  queued_at: instantIn(row, 'queued_at'),
  start_time: instantIn(row, 'start_time'),
  end_time: instantIn(row, 'end_time'),
  duration_ms: numberIn(row, 'duration_ms'),
  expected_max_duration_ms: numberIn(row, 'expected_max_duration_ms'),
  records_out: numberIn(row, 'records_out'),
  error_code: textIn(row, 'error_code'),
  error_message: textIn(row, 'error_message'),
  error_step: textIn(row, 'error_step'),
  first_event_at: instantIn(row, 'first_event_at'),
  last_event_at: instantIn(row, 'last_event_at'),
  listed_at: instantIn(row, 'listed_at'),
  tries: numberIn(row, 'tries'),
  failed_checks: numberIn(row, 'failed_checks'),
});
