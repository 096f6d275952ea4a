import type { Verdict, WorkContext } from './work.ts';
import { Work } from './work.ts';

export interface StepOptions {
  /** Order of the step within the run. Default: the order in which steps first started, from 1. */
  readonly step_index?: number | undefined;
  /** The step's try, from 1. Default: one more than the tries of this name so far, so a step run again is a retry. */
  readonly attempt?: number | undefined;
}

export interface StepIdentity {
  readonly step_name: string;
  /** Undefined in a process that joined a run without being told how many steps it had. */
  readonly step_index: number | undefined;
  readonly attempt: number;
}

/** One try of one step of a run, made by `run.step`. */
export class Step extends Work implements StepIdentity {
  readonly step_name: string;
  readonly step_index: number | undefined;
  readonly attempt: number;

  /** @internal */
  constructor(context: WorkContext, { step_name, step_index, attempt }: StepIdentity) {
    super(context, { step_name, step_index, attempt });
    this.step_name = step_name;
    this.step_index = step_index;
    this.attempt = attempt;
    this.emitStart('STEP_START');
  }

  /** Chooses SKIPPED as the end: there was nothing to do. */
  skip(message?: string): void {
    this.chooseEnd({ status: 'SKIPPED', message });
  }

  /**
   * Reports its end (STEP_END): the chosen one, else SUCCESS.
   * @internal
   */
  end(): Verdict {
    const verdict = this.chosenEnd ?? { status: 'SUCCESS' };
    this.emitEnd('STEP_END', verdict);
    return verdict;
  }
}
