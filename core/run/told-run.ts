import { type Run, wholeRun } from './run.ts';
import { type RunState, viewOf } from './run-view.ts';
import type { StepState } from './step-view.ts';
import { startedAgainAt } from './work-view.ts';

/** A run with everything that rules ask about. */
export interface ToldRun {
  readonly run: RunState;
  readonly steps: readonly StepState[];
  /** At most `MAX_LIVE_CHECKS`. */
  readonly checks: readonly QualityCheck[];
}

export const toldRunOf = (live: Run): ToldRun => {
  const { run, steps } = viewOf(live);
  return { run, steps, checks: checksIn(live) };
};

/** A result as rules read it. The lake has every result: `quality_results`. */
export interface QualityCheck {
  readonly dataset: string;
  readonly check_name: string;
  readonly success: boolean | undefined;
  readonly severity: string;
  readonly expected: string;
  readonly actual: string;
  readonly records_checked: number | undefined;
  readonly records_failed: number | undefined;
  readonly told_at: string;
}

/** The results of the run attempt that is shown, those told before its newest execution left out. */
function checksIn(live: Run): readonly QualityCheck[] {
  const run = wholeRun(live);
  if (run.checks === undefined) return [];
  const attempt = run.opened?.run_attempt ?? run.highest_attempt;
  const since = (run.opened && startedAgainAt(run.opened.work)) ?? '';
  return Object.entries(run.checks).flatMap(([key, { run_attempt, result }]) => {
    const [told_at, , success, severity, expected, actual, checked, failed] = result;
    if (run_attempt !== attempt || told_at < since) return [];
    const [dataset, check_name] = JSON.parse(key) as [string, string];
    return {
      dataset,
      check_name,
      success: success === '' ? undefined : success === 'true',
      severity,
      expected,
      actual,
      records_checked: checked < 0 ? undefined : checked,
      records_failed: failed < 0 ? undefined : failed,
      told_at,
    };
  });
}
