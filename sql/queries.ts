import { jobMetricsColumns, runStateColumns } from '../core/schema/columns.ts';
import { pick } from './columns-of.ts';
import { defineQuery } from './define-query.ts';
import metricsOfDayText from './queries/metrics-of-day.sql';
import pipelineNamesText from './queries/pipeline-names.sql';

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

/** What a name that no pipeline has is compared with. */
export const pipelineNames = defineQuery({
  name: 'pipeline-names',
  text: pipelineNamesText,
  parameters: { limit: 'integer' },
  columns: { process_name: runStateColumns.process_name },
});
