import { columnsOfView, pick } from '../columns-of.ts';
import { defineQuestion } from '../define-question.ts';
import { bigint, day, double, ofRuns, timestamp, varchar, whichRuns } from './asked.ts';
import expectedAgainstActual from './expected-against-actual.sql';
import pipelines from './pipelines.sql';
import runsPerDay from './runs-per-day.sql';

/** Pipelines as a whole, and their days. */
export const pipelineQuestions = [
  defineQuestion({
    name: 'pipelines',
    text: pipelines,
    asks: whichRuns('30d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      owner: varchar('who answers for it, as its latest run that told says'),
      last_run_id: varchar('its latest run'),
      last_status: varchar('the status of that run, as the clock sees it now'),
      last_start_time: timestamp('its start'),
      last_duration_ms: bigint('its duration'),
      last_error_code: varchar('the code of its first error'),
      last_error_message: varchar('the message of its first error'),
      runs: bigint('runs that began since then'),
      failed: bigint('of those, FAILED, TIMED_OUT or LOST'),
      success_rate: double('of the runs that ended or were lost, the share that did not fail, 0 to 1'),
      p50_duration_ms: bigint('median duration, exact nearest rank'),
      p95_duration_ms: bigint('95th percentile of the duration, exact nearest rank'),
      last_success_at: timestamp('when a run last succeeded'),
      open_runs: bigint('runs that go on'),
      last_records_out: bigint('records that the latest success wrote which counted them'),
    },
  }),
  defineQuestion({
    name: 'runs-per-day',
    text: runsPerDay,
    asks: whichRuns('30d'),
    columns: {
      ...ofRuns('environment', 'process_name'),
      day,
      runs: bigint('runs that began that day'),
      succeeded: bigint('of those, SUCCESS'),
      failed: bigint('of those, FAILED, TIMED_OUT or LOST'),
      late: bigint('of those, longer than their SLA, or running for longer already'),
      running: bigint('of those, not ended'),
      worst_status: varchar('the gravest status among them'),
      total_duration_ms: bigint('how long the ended ones took together'),
      avg_duration_ms: bigint('their mean'),
    },
  }),
  defineQuestion({
    name: 'expected-against-actual',
    text: expectedAgainstActual,
    asks: {
      day: { kind: 'day', default: '0d', comment: 'which UTC day' },
      environment: whichRuns('0d').environment,
      process_name: whichRuns('0d').process_name,
    },
    columns: {
      ...pick(columnsOfView('expectations'), 'environment', 'process_name', 'slot', 'local_time', 'timezone'),
      state: varchar(
        'waiting, running, good, failed or missed, when it was recorded; unscheduled: a run that fills no slot',
      ),
      ...pick(columnsOfView('expectations'), 'reasons', 'run_id', 'run_status', 'start_time', 'end_time'),
      late_by_ms: bigint('from the slot to the start; negative: early'),
    },
  }),
];
