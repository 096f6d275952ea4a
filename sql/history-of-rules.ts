import { logColumns, runStateColumns } from '../core/schema/columns.ts';
import { defineQuery } from './define-query.ts';
import countEventsText from './queries/count-events.sql';
import keptLinesText from './queries/kept-lines.sql';
import seenRunsText from './queries/seen-runs.sql';
import usualEnvironmentText from './queries/usual-environment.sql';

/** What `pipelines init` and `rules test` ask of the past. */

const { environment, process_name, start_time, duration_ms, status } = runStateColumns;
const count = { type: 'bigint', comment: 'how many' } as const;

export const seenRuns = defineQuery({
  name: 'seen_runs',
  text: seenRunsText,
  parameters: { since: 'text', limit: 'integer' },
  columns: { environment, process_name, start_time, duration_ms, status },
});

export const countEvents = defineQuery({
  name: 'count_events',
  text: countEventsText,
  parameters: { first_day: 'text', last_day: 'text' },
  columns: { event_date: logColumns.event_date, events: count },
});

export const keptLines = defineQuery({
  name: 'kept_lines',
  text: keptLinesText,
  parameters: {
    first_day: 'text',
    last_day: 'text',
    after: 'instant',
    after_key: 'text',
    until: 'instant',
    limit: 'integer',
  },
  columns: { raw_payload: logColumns.raw_payload },
});

export const usualEnvironment = defineQuery({
  name: 'usual_environment',
  text: usualEnvironmentText,
  parameters: {},
  columns: { environment, runs: count },
});
