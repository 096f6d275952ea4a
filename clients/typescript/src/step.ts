import type { Verdict, WorkContext } from './work.ts';
import { Work } from './work.ts';

export interface StepOptions {
  /** Order of the step within the run. Default: the order in which steps first started, from 1. */
  readonly step_index?: number | undefined;
  /** The step's try, from 1. Default: one more than the tries of this name so far, so a step run again is a retry. */
  readonly attempt?: number | undefined;
  /** Tells apart instances of one name, which are no tries: the partition or file that this one does, from 0. */
  readonly map_index?: number | undefined;
}

export interface StepIdentity {
  readonly step_name: string;
  /** Undefined in a process that joined a run without being told how many steps it had. */
  readonly step_index: number | undefined;
  readonly attempt: number;
  readonly map_index: number | undefined;
}

/** A step's function, or its options and then the function. */
export type StepWork<Value> =
  | [work: (step: Step) => Value | Promise<Value>]
  | [options: StepOptions, work: (step: Step) => Value | Promise<Value>];

/** What a step needs of its run. */
export interface StepContext extends WorkContext {
  readonly onEnd: (step: StepIdentity, verdict: Verdict) => void;
  readonly step: <Value>(name: string, ...work: StepWork<Value>) => Promise<Value>;
}

/** One try of one step of a run, made by `run.step` and `run.startStep`. */
export class Step extends Work implements StepIdentity {
  readonly step_name: string;
  readonly step_index: number | undefined;
  readonly attempt: number;
  readonly map_index: number | undefined;
  readonly #context: StepContext;
  #hasEnded = false;

  /** @internal */
  constructor(context: StepContext, { step_name, step_index, attempt, map_index }: StepIdentity) {
    super(context, { step_name, step_index, attempt, map_index });
    this.step_name = step_name;
    this.step_index = step_index;
    this.attempt = attempt;
    this.map_index = map_index;
    this.#context = context;
    this.emitStart('STEP_START');
  }

  /** Runs a step within this one; it is called `outer/inner`. Takes what `run.step` takes. */
  step<Value>(name: string, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, options: StepOptions, work: (step: Step) => Value | Promise<Value>): Promise<Value>;
  step<Value>(name: string, ...work: StepWork<Value>): Promise<Value> {
    return this.#context.step(`${this.step_name}/${this.text(name) ?? 'unnamed'}`, ...work);
  }

  /** Chooses SKIPPED as the end: there was nothing to do. */
  skip(message?: string): void {
    this.chooseEnd({ status: 'SKIPPED', message });
  }

  /** Reports its end (STEP_END), once: the chosen one, else SUCCESS. `run.step` does it by itself. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const verdict = this.chosenEnd ?? { status: 'SUCCESS' };
    this.emitEnd('STEP_END', verdict);
    this.#context.onEnd(this, verdict);
  }
}
