import { DEFAULT_BACKFILL_MS } from '../../core/pipelines/expectations.ts';
import { defineQuestion } from '../define-question.ts';
import { atMost, bigint, day, double, ofRuns, step_name, timestamp, whichRuns } from './asked.ts';
import durationTrend from './duration-trend.sql';
import failureRates from './failure-rates.sql';
import stepFailureRates from './step-failure-rates.sql';
import stepTrend from './step-trend.sql';

/** What is usual, where the file of pipelines does not say otherwise. */
const USUAL = { deviations: '5e0', minimum_runs: '14', backfill_ms: String(DEFAULT_BACKFILL_MS) } as const;

/** The seven days that end on the first day asked for begin before it. */
const SIX_DAYS_EARLIER = { asked_from: "(:since - interval '6' day)" } as const;

const rates = {
  ended_7d: bigint('ended in the seven days up to then'),
  failed_7d: bigint('of those, FAILED, TIMED_OUT or LOST'),
  failure_rate_7d: double('failed_7d / ended_7d, 0 to 1'),
};

/** How runs and steps go, over time. */
export const trendQuestions = [
  defineQuestion({
    name: 'duration-trend',
    text: durationTrend,
    asks: { ...whichRuns('90d'), limit: atMost(1000, 'runs, the latest') },
    fragments: USUAL,
    columns: {
      ...ofRuns('environment', 'process_name', 'run_id'),
      start_time: timestamp('when it began: its start, else its waiting, else its first event'),
      ...ofRuns('status', 'duration_ms', 'records_in', 'records_out', 'data_size_bytes_in', 'data_size_bytes_out'),
      expected_low_ms: bigint(
        'the shortest that is usual: median less 5 deviations of the 30 good runs of that weekday before it; null: fewer than 14 are known',
      ),
      expected_mid_ms: bigint('the median of those'),
      expected_high_ms: bigint('the longest that is usual'),
      expected_low_records: bigint('the fewest records, written or else read, that are usual'),
      expected_mid_records: bigint('the median of those'),
      expected_high_records: bigint('the most that are usual'),
      usual_runs: bigint('how many good runs of that weekday were compared'),
    },
  }),
  defineQuestion({
    name: 'step-trend',
    text: stepTrend,
    asks: whichRuns('90d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      step_name,
      day,
      steps: bigint('how often the step ran, its instances counted each'),
      median_ms: bigint('median duration, exact nearest rank'),
      p95_ms: bigint('95th percentile of the duration, exact nearest rank'),
      failures: bigint('how often it failed'),
    },
  }),
  defineQuestion({
    name: 'failure-rates',
    text: failureRates,
    asks: whichRuns('30d'),
    fragments: SIX_DAYS_EARLIER,
    columns: { ...ofRuns('environment', 'process_name'), day, ...rates },
  }),
  defineQuestion({
    name: 'step-failure-rates',
    text: stepFailureRates,
    asks: whichRuns('30d'),
    fragments: SIX_DAYS_EARLIER,
    columns: { ...ofRuns('environment', 'process_name'), step_name, day, ...rates },
  }),
];
