import { runStateColumns, stepStateColumns, watermarkColumns } from '../core/schema/columns.ts';
import { defineQuery } from './define-query.ts';
import goodRunsText from './queries/good-runs.sql';
import { quotedName } from './type-names.ts';

const list = (columns: object): string => Object.keys(columns).map(quotedName).join(', ');

/** An empty filter lets every run through. */
const WANTED = `(:environment = '' or environment = :environment)
  and (:process_name = '' or process_name = :process_name)
  and (:run_id = '' or run_id = :run_id)`;

/** Runs as the run table has them, whatever the live store still knows. */
export const runHistory = defineQuery({
  name: 'run_history',
  text: `-- The latest runs that the run table holds, all of them or those that are asked for.
select ${list(runStateColumns)}
from pipeline_run_state
where ${WANTED}
order by start_time desc, environment, process_name, run_id
limit :limit`,
  parameters: { environment: 'text', process_name: 'text', run_id: 'text', limit: 'integer' },
  columns: runStateColumns,
});

/** The rows of a few runs, by their ids; ids repeat across pipelines. */
export const runsById = defineQuery({
  name: 'runs_by_id',
  text: `-- The rows of the runs of these ids.
select ${list(runStateColumns)}
from pipeline_run_state
where run_id in (:run_ids)`,
  parameters: { run_ids: 'texts' },
  columns: runStateColumns,
});

export const stepHistory = defineQuery({
  name: 'step_history',
  text: `-- The steps of runs, in the order in which they are shown.
select ${list(stepStateColumns)}
from pipeline_steps
where ${WANTED}
  and run_date in (:run_dates)
order by step_index nulls last, step_name, map_index nulls last`,
  parameters: { environment: 'text', process_name: 'text', run_id: 'text', run_dates: 'dates' },
  columns: stepStateColumns,
});

/** How far one pipeline's data has come. */
export const watermarkOf = defineQuery({
  name: 'watermark_of',
  text: `-- How far the data of one pipeline has come; no row when no run of it is known.
select data_until, last_success_at, last_success_run_id
from watermarks
where environment = :environment
  and process_name = :process_name`,
  parameters: { environment: 'text', process_name: 'text' },
  columns: watermarkColumns,
});

const { run_id, scheduled_for, start_time, queued_at, first_event_at } = runStateColumns;

/** Which slots of a pipeline have a good run, however long ago the live store forgot it. */
export const goodRuns = defineQuery({
  name: 'good_runs',
  text: goodRunsText,
  parameters: { environment: 'text', process_name: 'text', since: 'instant', limit: 'integer' },
  columns: { run_id, scheduled_for, start_time, queued_at, first_event_at },
});
