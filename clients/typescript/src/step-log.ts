import type { ErrorInfo } from './event.ts';
import type { StepIdentity, StepOptions } from './step.ts';
import { attempt, type Complain, readCount, readText } from './wire-value.ts';
import type { Verdict } from './work.ts';

interface Tries {
  readonly step_index: number | undefined;
  attempts: number;
  open: number;
  /** The error of a try that failed, until a later one ends well. */
  failure?: ErrorInfo | undefined;
}

/** The steps of one run by name: their order, their tries, and their outcomes. */
export class StepLog {
  readonly #complain: Complain;
  readonly #steps = new Map<string, Tries>();
  /** Undefined: steps have no order. */
  #lastIndex: number | undefined;

  constructor(complain: Complain, lastIndex: number | undefined) {
    this.#complain = complain;
    this.#lastIndex = lastIndex;
  }

  /** The order of the last step so far. */
  get lastIndex(): number | undefined {
    return this.#lastIndex;
  }

  /** Numbers a try that starts now. */
  open(name: unknown, options: StepOptions): StepIdentity {
    const step_name = attempt(() => readText(name, 'step_name', this.#complain), this.#complain) || 'unnamed';
    const given = attempt(() => readCount(options.step_index, 'step_index', this.#complain), this.#complain);
    const next = this.#lastIndex === undefined ? undefined : this.#lastIndex + 1;
    const tries = this.#steps.get(step_name) ?? { step_index: given ?? next, attempts: 0, open: 0 };
    const step_index = given ?? tries.step_index;
    if (this.#lastIndex !== undefined) this.#lastIndex = Math.max(this.#lastIndex, step_index ?? 0);
    tries.attempts =
      attempt(() => readCount(options.attempt, 'attempt', this.#complain), this.#complain) || tries.attempts + 1;
    tries.open++;
    this.#steps.set(step_name, tries);
    return { step_name, step_index, attempt: tries.attempts };
  }

  close(step_name: string, verdict: Verdict): void {
    const tries = this.#steps.get(step_name);
    if (!tries) return;
    tries.open--;
    if (verdict.status === 'FAILED') tries.failure = verdict.error;
    else tries.failure = undefined;
  }

  /** The error for a run whose code chose no end: that of a failed or running step. Undefined: the run succeeded. */
  failure(): ErrorInfo | undefined {
    for (const { failure } of this.#steps.values()) if (failure) return failure;
    for (const [name, { open }] of this.#steps) {
      if (open > 0)
        return {
          error_code: 'U900',
          message: `The run ended while its step "${name}" was still running: await every step, or choose how the run ends (succeed, fail, end).`,
        };
    }
    return undefined;
  }
}
