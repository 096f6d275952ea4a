import type { Columns } from '../core/schema/column-type.ts';
import { jobMetricsColumns, stepStateColumns, VIEWS, type ViewName } from '../core/schema/columns.ts';
import { eventColumns } from '../core/schema/event-columns.ts';
import { defineQuery } from './define-query.ts';
import failuresIn7Days from './queries/failures-in-7-days.sql';
import latestStatusPerStep from './queries/latest-status-per-step.sql';
import metricsOfDayText from './queries/metrics-of-day.sql';
import runningNow from './queries/running-now.sql';
import slaMisses from './queries/sla-misses.sql';

const columnsOfView = (name: ViewName): Columns | undefined => VIEWS.find((view) => view.name === name)?.columns;

const pick = (columns: Columns | undefined, ...names: readonly string[]): Columns =>
  Object.fromEntries(names.map((name) => [name, columns?.[name] ?? fail(name)]));

const fail = (name: string): never => {
  throw new Error(`there is no column ${name}`);
};

/** Questions people ask, ready to run: by name in the CLI, or pasted into the Athena console. */
export const namedQueries = {
  'failures-in-7-days': defineQuery({
    name: 'failures-in-7-days',
    text: failuresIn7Days,
    parameters: { now: 'instant' },
    columns: {
      ...pick(columnsOfView('current_runs'), 'environment', 'process_name'),
      failures: { type: 'bigint', comment: 'failed, timed out or lost runs' },
      error_codes: { type: 'bigint', comment: 'distinct error codes among them' },
      last_error_code: { type: 'varchar', comment: 'code of the latest' },
      last_failure_at: { type: 'timestamp', comment: 'start of the latest' },
    },
  }),
  'running-now': defineQuery({
    name: 'running-now',
    text: runningNow,
    parameters: {},
    columns: pick(
      columnsOfView('active_runs'),
      'environment',
      'process_name',
      'run_id',
      'status',
      'start_time',
      'running_for_ms',
      'is_late',
      'cluster_id',
    ),
  }),
  'sla-misses': defineQuery({
    name: 'sla-misses',
    text: slaMisses,
    parameters: {},
    columns: pick(
      columnsOfView('sla_breaches'),
      'environment',
      'process_name',
      'run_id',
      'status',
      'expected_max_duration_ms',
      'elapsed_ms',
      'over_by_ms',
      'is_open',
    ),
  }),
  'latest-status-per-step': defineQuery({
    name: 'latest-status-per-step',
    text: latestStatusPerStep,
    parameters: {},
    columns: {
      ...pick(
        stepStateColumns,
        'environment',
        'process_name',
        'step_name',
        'step_index',
        'status',
        'start_time',
        'end_time',
        'duration_ms',
      ),
      run_id: eventColumns.run_id,
    },
  }),
} as const;

/** What `runledger start` shows of the example's pipeline. */
export const metricsOfDay = defineQuery({
  name: 'metrics-of-day',
  text: metricsOfDayText,
  parameters: { environment: 'text', process_name: 'text', days: 'dates' },
  columns: pick(
    jobMetricsColumns,
    'total_runs',
    'success_count',
    'failure_count',
    'p50_duration_sec',
    'p95_duration_sec',
    'total_records_processed',
  ),
});
