import { AsyncLocalStorage } from 'node:async_hooks';
import type { Run } from './run.ts';
import type { Step } from './step.ts';

interface OpenWork {
  readonly run: Run;
  readonly step: Step | undefined;
}

/** What is open where code runs now: all that a run's or step's function calls and awaits is within it. */
const openWork = new AsyncLocalStorage<OpenWork>();

/** The run whose function is being run here, by `ledger.run` or a step; undefined: none, or it has ended. */
export function currentRun(): Run | undefined {
  const run = openWork.getStore()?.run;
  return run?.hasEnded ? undefined : run;
}

/** The step whose function is being run here. */
export const currentStep = (): Step | undefined => openWork.getStore()?.step;

export const within = <Value>(run: Run, step: Step | undefined, work: () => Value): Value =>
  openWork.run({ run, step }, work);
