import { defineQuestion } from '../define-question.ts';
import { atMost, bigint, ofRuns, timestamp, varchar, whichRuns } from './asked.ts';
import errorCodes from './error-codes.sql';
import failedToday from './failed-today.sql';

const error_class = varchar('its class in the taxonomy of error codes; unknown: it is not of it');
const advice = varchar('what to do about it');

/** What failed, and of what. */
export const failureQuestions = [
  defineQuestion({
    name: 'failed-today',
    text: failedToday,
    // A run that failed since then may have begun long before.
    fragments: { asked_from: "(:since - interval '7' day)" },
    asks: {
      ...whichRuns('24h'),
      since: { kind: 'instant', default: '24h', comment: 'runs that failed from then on' },
      limit: atMost(1000, 'runs, the latest'),
    },
    columns: {
      ...ofRuns('environment', 'process_name', 'run_id', 'status', 'start_time'),
      failed_at: timestamp('its end; of a run that went silent, its last event'),
      ...ofRuns('duration_ms', 'error_step', 'error_code', 'error_message', 'error_retryable'),
      error_class,
      advice,
      ...ofRuns('owner', 'run_attempt', 'parent_run_id'),
    },
  }),
  defineQuestion({
    name: 'error-codes',
    text: errorCodes,
    asks: whichRuns('30d'),
    columns: {
      error_code: varchar('the code of the first error; null: none was told'),
      error_class,
      failures: bigint('runs that failed with it'),
      pipelines: bigint('how many pipelines they are of'),
      last_at: timestamp('when the latest of them began'),
      last_process_name: varchar('its pipeline'),
      last_run_id: varchar('its id'),
      advice,
    },
  }),
];
