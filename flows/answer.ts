import type { Instant } from '../core/instant.ts';
import type { RunFilter, RunsFilter } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { runKeyOf } from '../core/run/run.ts';
import { type RunState, type RunView, viewOf } from '../core/run/run-view.ts';
import { detailAt, type ShownRun, type ShownRunDetail, shownAt } from '../core/run/shown-run.ts';
import { hasEnded } from '../core/run/work-view.ts';
import { runsById } from '../sql/history.ts';

/**
 * Runs as they stand, latest start first: from the live store, so within moments of their events. `engine`: of a run that
 * the live store is unsure of, the lake is asked. Without it, such a run is shown as open.
 */
export async function listRuns(
  live: LiveStore,
  { alive, ...filter }: RunsFilter,
  now: Instant,
  engine?: QueryEngine,
): Promise<readonly ShownRun[]> {
  const runs = await live.listRuns(alive ? { ...filter, alive_at: now } : filter);
  const views = runs.map(viewOf);
  const known = await inLake(engine, views);
  const shown = views.map(({ run }) => shownAt(known.get(runKeyOf(run)) ?? run, now));
  return filter.open ? shown.filter(({ status }) => !hasEnded(status) && !(alive && status === 'LOST')) : shown;
}

/** The lake's rows of the runs that these views are unsure of, where it has taken in as much as the live store. */
async function inLake(
  engine: QueryEngine | undefined,
  views: readonly RunView[],
): Promise<ReadonlyMap<string, RunState>> {
  const unsure = new Map(views.flatMap(({ run, isUnsure }) => (isUnsure ? [[runKeyOf(run), run] as const] : [])));
  if (engine === undefined || unsure.size === 0) return new Map();
  const run_ids = [...new Set([...unsure.values()].flatMap(({ run_id }) => run_id ?? []))];
  const rows = await engine.query(runsById, { run_ids });
  const isCaughtUp = (row: RunState) => (row.last_event_at ?? '') >= (unsure.get(runKeyOf(row))?.last_event_at ?? '9');
  return new Map(rows.filter(isCaughtUp).map((row) => [runKeyOf(row), row]));
}

/** Every run of that id: an id is unique only within an environment and a pipeline. */
export async function showRun(
  live: LiveStore,
  filter: Omit<RunFilter, 'limit'> & { readonly run_id: string },
  now: Instant,
  engine?: QueryEngine,
): Promise<readonly ShownRunDetail[]> {
  const views = (await live.listRuns({ ...filter, limit: 10 })).map(viewOf);
  const known = await inLake(engine, views);
  return views.map((view) => detailAt({ ...view, run: known.get(runKeyOf(view.run)) ?? view.run }, now));
}
