import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { errorMessage } from '../core/error-message.ts';
import { logger, metrics } from './telemetry.ts';

/** What a report counts, by name. */
export type Counts = Readonly<Record<string, number | string | readonly string[]>>;

/** Writes one structured line on what became of a batch: counts that add up, and errors beside them. */
export type Report = (what: string, counts: Counts, errors?: readonly unknown[]) => void;

/** Counts that the alarms of `lib/operations.ts` watch, as metrics. */
const MEASURED = [
  'rejected_lines',
  'failed_records',
  'found_objects',
  'unmaintained_tables',
  'parked_objects',
  'compaction_lag_seconds',
  'summary_lag_seconds',
  'undelivered_notices',
];

/** Reports to the function's log. Metrics are written there too when the call ends, in embedded format: without a call or its cost. */
export const report: Report = (what, counts, errors = []) => {
  const causes = errors.map((error) => errorMessage(error));
  if (causes.length > 0) logger.error(what, { ...counts, errors: causes });
  else logger.info(what, counts);
  for (const name of MEASURED) {
    const value = counts[name];
    // A zero says that all is well; nothing says that nobody looked.
    if (typeof value === 'number') metrics.addMetric(name, unitOf(name), value);
  }
};

const unitOf = (name: string) => (name.endsWith('_seconds') ? MetricUnit.Seconds : MetricUnit.Count);
