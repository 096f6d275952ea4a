import type { Instant } from '../core/instant.ts';
import type { RunFilter } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { viewOf } from '../core/run/run-view.ts';
import { detailAt, type ShownRun, type ShownRunDetail, shownAt } from '../core/run/shown-run.ts';

/** Runs as they stand, latest start first: from the live store, so within moments of their events. */
export async function listRuns(live: LiveStore, filter: RunFilter, now: Instant): Promise<readonly ShownRun[]> {
  const runs = await live.listRuns(filter);
  return runs.map((run) => shownAt(viewOf(run).run, now));
}

/** Every run of that id: an id is unique only within an environment and a pipeline. */
export async function showRun(
  live: LiveStore,
  filter: Omit<RunFilter, 'limit'> & { readonly run_id: string },
  now: Instant,
): Promise<readonly ShownRunDetail[]> {
  const runs = await live.listRuns({ ...filter, limit: 10 });
  return runs.map((run) => detailAt(viewOf(run), now));
}
