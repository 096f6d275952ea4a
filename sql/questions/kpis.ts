import { defineQuestion } from '../define-question.ts';
import { bigint, date, day, double, ofRuns, varchar, whichRuns } from './asked.ts';
import clusterUse from './cluster-use.sql';
import kpis from './kpis.sql';
import qualityByDataset from './quality-by-dataset.sql';

/** Numbers that managers ask for. */
export const kpiQuestions = [
  defineQuestion({
    name: 'kpis',
    text: kpis,
    asks: {
      by: { kind: 'text', default: 'day', oneOf: ['day', 'week'], comment: 'how long a period is: day or week' },
      per: {
        kind: 'text',
        default: 'environment',
        oneOf: ['environment', 'pipeline'],
        comment: 'of what: environment or pipeline',
      },
      ...whichRuns('30d'),
    },
    columns: {
      ...ofRuns('environment'),
      process_name: varchar('the pipeline; null: per environment'),
      period: date('the UTC day, or the Monday of the week'),
      runs: bigint('runs that began in it'),
      failed: bigint('of those, FAILED, TIMED_OUT or LOST'),
      success_rate: double(
        'of those that ended or were lost, the share that did not fail, 0 to 1; null: there were none',
      ),
      mean_duration_ms: bigint('mean duration of those that ended'),
      p95_duration_ms: bigint('95th percentile of the duration, exact nearest rank'),
      data_size_bytes_in: bigint('bytes read'),
      data_size_bytes_out: bigint('bytes written'),
      incidents: bigint('incidents that opened'),
      mttd_ms: bigint(
        'mean time from the beginning of the trouble to its detection; of a run that did not start, from its slot',
      ),
      mttr_ms: bigint('mean time from the beginning of the trouble to its end'),
      pages: bigint('messages that arrived and told that incidents opened or got worse'),
      acknowledged_incidents: bigint('incidents that a person took'),
      priced_runs: bigint('runs whose cost is known, by prices.yaml'),
      cost: double('what these cost; null: it is known of none'),
      cost_per_run: double('cost / priced_runs'),
      currency: varchar('of the cost'),
    },
  }),
  defineQuestion({
    name: 'cluster-use',
    text: clusterUse,
    asks: whichRuns('28d'),
    columns: {
      cluster_id: varchar('the cluster; null: no event told one'),
      weekday: bigint('1 Monday to 7 Sunday'),
      hour_of_day: bigint('0 to 23, UTC'),
      runs: bigint('runs that were running then; of a run, the first 200 hours'),
      busy_ms: bigint('how long they ran then, together'),
      mean_running: double('how many ran at once, on the mean of the weeks asked for'),
    },
  }),
  defineQuestion({
    name: 'quality-by-dataset',
    text: qualityByDataset,
    asks: {
      ...whichRuns('30d'),
      dataset: { kind: 'pattern', default: '*', comment: 'which datasets; * stands for any text' },
    },
    columns: {
      ...ofRuns('environment'),
      dataset: varchar('what was checked'),
      day: { ...day, comment: 'UTC day of the checks' },
      checks: bigint('results of checks'),
      failed_checks: bigint('of those, failed'),
      quality_score: double('of those that told how they went, the share that passed, 0 to 1'),
      records_checked: bigint('records looked at'),
      records_failed: bigint('of those, records that failed'),
      last_failed_check: varchar('the latest check that failed'),
      last_run_id: varchar('the latest run that checked it'),
    },
  }),
];
