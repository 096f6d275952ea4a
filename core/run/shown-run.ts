import type { Instant } from '../instant.ts';
import type { RunState, RunView } from './run-view.ts';
import { type ShownStatus, statusAt } from './status-at.ts';

/** A run as people see it: its reported state, with the status that the clock gives it now. */
export type ShownRun = Omit<RunState, 'status'> & { readonly status: ShownStatus };

/** A run with its steps, ordered by step_index (none last), then name. */
export interface ShownRunDetail {
  readonly run: ShownRun;
  readonly steps: RunView['steps'];
}

/** The run with its status as the clock sees it at `now`. */
export const shownAt = (run: RunState, now: Instant): ShownRun => ({ ...run, status: statusAt(run, now) });
