import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { runKeyOf } from '../../core/run/run.ts';
import type { RunState, RunView } from '../../core/run/run-view.ts';
import type { StepState } from '../../core/run/step-view.ts';
import { runStateColumns, stepStateColumns } from '../../core/schema/columns.ts';
import type { Event } from '../../core/schema/event.ts';
import type { Query } from '../../core/typed-query.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { EVERY_DAY, statementsFor } from '../../sql/statements.ts';
import type { TestLake } from './lake.ts';

const OBJECT = 'raw/dt=2025-11-05/hh=00/one.ndjson';

/** The dates of an object are recorded with it; here they are those of all events taken in. */
const dates = new Set<string>();

const emptyRuns = defineQuery({
  name: 'empty_runs',
  text: 'delete from pipeline_run_state',
  parameters: {},
  columns: {},
});
const emptySteps = defineQuery({
  name: 'empty_steps',
  text: 'delete from pipeline_steps',
  parameters: {},
  columns: {},
});
const allRuns = defineQuery({
  name: 'all_runs',
  text: 'select * from pipeline_run_state',
  parameters: {},
  columns: runStateColumns,
});
const allSteps = defineQuery({
  name: 'all_steps',
  text: 'select * from pipeline_steps order by run_id, step_index nulls last, step_name, map_index nulls last',
  parameters: {},
  columns: stepStateColumns,
});

/** The lines that accept writes of these events. */
export const linesOf = (events: readonly Event[]): readonly string[] =>
  events.map(({ event_key, event_date, event_time, ...rest }) =>
    JSON.stringify({ event_key, event_date, event_time, ...rest }),
  );

/** Lands the events as one object and takes it into `pipeline_logs`. */
export async function insertLines(lake: TestLake, events: readonly Event[]): Promise<void> {
  lake.writeObject(OBJECT, linesOf(events));
  for (const { event_date } of events) dates.add(event_date);
  await lake.engine.query(statementsFor(lake.engine.dialect).compactEvents, {
    objects: [OBJECT],
    arrival_dates: ['2025-11-05'],
    event_dates: [...dates],
    event_days: [...dates],
  });
}

/** Every run as the SQL derives it, by run_id; `change` may alter the text of both statements first. */
export async function derive(
  engine: QueryEngine,
  change: (text: string) => string = (text) => text,
): Promise<ReadonlyMap<string, RunView>> {
  const { summarizeRuns, summarizeSteps } = statementsFor(engine.dialect);
  const changed = <Q extends Query>(query: Q): Q => ({ ...query, text: change(query.text) });
  const known = [...dates];
  const values = { objects: [OBJECT], event_dates: known, log_dates: known, run_dates: known, ...EVERY_DAY };
  await engine.query(emptyRuns, {});
  await engine.query(emptySteps, {});
  await engine.query(changed(summarizeRuns), values);
  await engine.query(changed(summarizeSteps), values);
  return new Map([...(await storedViews(engine))].map(([, [view]]) => [view?.run.run_id ?? '', view as RunView]));
}

/** Every row of the run table, by run key, with the steps of that run. More than one of a key is a fault. */
export async function storedViews(engine: QueryEngine): Promise<ReadonlyMap<string, readonly RunView[]>> {
  const views = new Map<string, { run: RunState; steps: StepState[] }[]>();
  for (const run of await engine.query(allRuns, {})) {
    const known = views.get(runKeyOf(run)) ?? [];
    views.set(runKeyOf(run), [...known, { run, steps: [] }]);
  }
  for (const step of await engine.query(allSteps, {}))
    for (const { steps } of views.get(runKeyOf(step)) ?? []) steps.push(step);
  return views;
}
