import type { Instant } from '../core/instant.ts';
import type { RunFilter, RunsFilter } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { runKeyOf } from '../core/run/run.ts';
import { detailAt, type ShownRun, type ShownRunDetail, shownAt } from '../core/run/shown-run.ts';
import { runHistory, stepHistory } from '../sql/history.ts';
import { listRuns, showRun } from './answer.ts';

export interface HistoryPorts {
  readonly live: LiveStore;
  readonly engine: QueryEngine;
}

/**
 * As `listRuns`, and when the live store has fewer than are asked for, those of the lake that it has forgotten. Open runs
 * are never forgotten.
 */
export async function listAllRuns(
  { live, engine }: HistoryPorts,
  filter: RunsFilter,
  now: Instant,
): Promise<readonly ShownRun[]> {
  const known = await listRuns(live, filter, now, engine);
  if (filter.open || known.length >= filter.limit) return known;
  const kept = await engine.query(runHistory, { ...wanted(filter), limit: filter.limit });
  const isKnown = new Set(known.map(runKeyOf));
  const forgotten = kept.filter((run) => !isKnown.has(runKeyOf(run))).map((run) => shownAt(run, now));
  return [...known, ...forgotten].sort(latestFirst).slice(0, filter.limit);
}

/** As `showRun`, and of the lake when the live store knows no run of that id. */
export async function showAnyRun(
  { live, engine }: HistoryPorts,
  filter: Omit<RunFilter, 'limit'> & { readonly run_id: string },
  now: Instant,
): Promise<readonly ShownRunDetail[]> {
  const known = await showRun(live, filter, now, engine);
  if (known.length > 0) return known;
  const runs = await engine.query(runHistory, { ...wanted(filter), limit: MOST_OF_ONE_ID });
  if (runs.length === 0) return [];
  const run_dates = runs.flatMap(({ run_date }) => run_date ?? []);
  const steps = await engine.query(stepHistory, { ...wanted(filter), run_dates });
  return runs.map((run) => detailAt({ run, steps: steps.filter((step) => runKeyOf(step) === runKeyOf(run)) }, now));
}

const MOST_OF_ONE_ID = 10;

const wanted = ({ environment = '', process_name = '', run_id = '' }: Omit<RunFilter, 'limit'>) => ({
  environment,
  process_name,
  run_id,
});

const latestFirst = (a: ShownRun, b: ShownRun): number =>
  (a.start_time ?? '') < (b.start_time ?? '') ? 1 : (a.start_time ?? '') > (b.start_time ?? '') ? -1 : 0;
