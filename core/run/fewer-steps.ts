import type { Run, Step } from './run.ts';
import { compareText } from './stamped.ts';

/** The run with half of its steps, those of the smallest keys; like every run that has more steps than it keeps, it says so. */
export function withFewerSteps(run: Run): Run {
  const kept = Object.keys(run.steps).sort(compareText);
  const steps = kept.slice(0, Math.floor(kept.length / 2)).map((key) => [key, run.steps[key] as Step] as const);
  return { ...run, steps: Object.fromEntries(steps), truncated: true };
}
