import type { Instant } from '../instant.ts';
import type { ShownStatus } from '../schema/status.ts';
import type { RunState, RunView } from './run-view.ts';
import { statusAt } from './status-at.ts';
import { type StepState, stepStatusIn } from './step-view.ts';

/** A run as people see it: its reported state, with the status that the clock gives it now. */
export type ShownRun = Omit<RunState, 'status'> & { readonly status: ShownStatus };

/** A run with its steps, ordered by step_index (none last), then name. */
export interface ShownRunDetail {
  readonly run: ShownRun;
  readonly steps: RunView['steps'];
}

/** The run with its status as the clock sees it at `now`. */
export const shownAt = (run: RunState, now: Instant): ShownRun => ({ ...run, status: statusAt(run, now) });

/** The run and its steps as the clock sees them at `now`. */
export function detailAt({ run, steps }: Pick<RunView, 'run' | 'steps'>, now: Instant): ShownRunDetail {
  const shown = shownAt(run, now);
  return { run: shown, steps: steps.map((step) => ({ ...step, status: shownStepStatus(shown.status, step) })) };
}

const shownStepStatus = (runStatus: ShownStatus, { status, error_code, error_message }: StepState) =>
  stepStatusIn(runStatus, status ?? 'RUNNING', error_code !== null || error_message !== null);
