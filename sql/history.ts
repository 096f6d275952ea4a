import { runStateColumns, stepStateColumns } from '../core/schema/columns.ts';
import { defineQuery } from './define-query.ts';
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
