import type { StepState } from '../run/step-view.ts';

/**
 * The index of the first step that is to run again: the least of those that did not end well, else the one after the last
 * that did. Undefined: from the start, as its steps have no order, or none ended well.
 */
export function resumeStep(steps: readonly Pick<StepState, 'step_index' | 'status'>[]): number | undefined {
  const ordered = steps.filter(({ step_index }) => step_index !== null);
  // A step without an order may stand anywhere.
  if (ordered.length === 0 || ordered.length < steps.length) return undefined;
  const isGood = (step: Pick<StepState, 'status'>) => step.status === 'SUCCESS' || step.status === 'SKIPPED';
  const indexes = (of: typeof ordered) => of.map(({ step_index }) => step_index as number);
  const open = indexes(ordered.filter((step) => !isGood(step)));
  const good = indexes(ordered.filter(isGood));
  if (good.length === 0) return undefined;
  return open.length > 0 ? Math.min(...open) : Math.max(...good) + 1;
}
