import { defineQuestion } from '../define-question.ts';
import { bigint, double, ofRuns, step_name, timestamp, varchar, whichRuns } from './asked.ts';
import flakySteps from './flaky-steps.sql';
import longestSilent from './longest-silent.sql';
import neverSucceeded from './never-succeeded.sql';
import slowestGrowing from './slowest-growing.sql';

const last_run_id = varchar('its latest run');
const last_status = varchar('the status of that run, as the clock sees it now');

/** What a person should look at before it fails. */
export const attentionQuestions = [
  defineQuestion({
    name: 'flaky-steps',
    text: flakySteps,
    asks: whichRuns('30d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      step_name,
      runs: bigint('runs in which it ended'),
      failures: bigint('of those, runs in which it failed'),
      retried: bigint('of those, runs in which it succeeded after more than one try'),
      changes: bigint('runs in which it did not end as in the run before'),
      flakiness: double('the share of runs that were retried or changed, 0 to 1'),
      last_failure_at: timestamp('when the latest run began in which it failed'),
    },
  }),
  defineQuestion({
    name: 'slowest-growing',
    text: slowestGrowing,
    asks: {
      ...whichRuns('28d'),
      least_runs: {
        kind: 'integer',
        default: '3',
        between: [1, 1000],
        comment: 'pipelines with so many successful runs in each half',
      },
    },
    columns: {
      ...ofRuns('environment', 'process_name'),
      earlier_runs: bigint('successful runs of the earlier half'),
      later_runs: bigint('successful runs of the later half'),
      earlier_median_ms: bigint('their median duration then, exact nearest rank'),
      later_median_ms: bigint('their median duration in the later half'),
      grown_by_ms: bigint('the difference'),
      growth: double('later_median_ms / earlier_median_ms'),
    },
  }),
  defineQuestion({
    name: 'longest-silent',
    text: longestSilent,
    asks: whichRuns('90d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      last_event_at: timestamp('the last event of any of its runs'),
      silent_ms: bigint('time since then'),
      usual_gap_ms: bigint('median time from the beginning of one run to that of the next; null: it ran once'),
      times_usual: double('silent_ms / usual_gap_ms'),
      last_run_id,
      last_status,
      runs: bigint('runs that began since then'),
    },
  }),
  defineQuestion({
    name: 'never-succeeded',
    text: neverSucceeded,
    asks: whichRuns('365d'),
    columns: {
      ...ofRuns('environment', 'process_name', 'owner'),
      runs: bigint('its runs'),
      failed: bigint('of those, FAILED, TIMED_OUT or LOST'),
      first_at: timestamp('when the first began'),
      last_at: timestamp('when the latest began'),
      last_run_id,
      last_status,
      last_error_code: varchar('the latest code it told'),
    },
  }),
];
