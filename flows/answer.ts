import type { Instant } from '../core/instant.ts';
import type { RunFilter } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { type RunState, type RunView, viewOf } from '../core/run/run-view.ts';
import { type ShownStatus, statusAt } from '../core/run/status-at.ts';

/** A run as it stands now. */
export type ShownRun = Omit<RunState, 'status'> & { readonly status: ShownStatus };

export interface ShownRunDetail {
  readonly run: ShownRun;
  readonly steps: RunView['steps'];
}

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
  return runs.map((run) => {
    const view = viewOf(run);
    return { run: shownAt(view.run, now), steps: view.steps };
  });
}

/** The status as the clock sees it now. */
export const shownAt = (run: RunState, now: Instant): ShownRun => ({ ...run, status: statusAt(run, now) });
