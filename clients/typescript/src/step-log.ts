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

/** The steps of one run by name and instance: their order, their tries, and their outcomes. */
export class StepLog {
  readonly #complain: Complain;
  readonly #steps = new Map<string, Map<number | undefined, Tries>>();
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
    const count = (option: keyof StepOptions): number | undefined =>
      attempt(() => readCount(options[option], option, this.#complain), this.#complain);
    const step_name = attempt(() => readText(name, 'step_name', this.#complain), this.#complain) || 'unnamed';
    const map_index = count('map_index');
    const step_index = count('step_index') ?? this.#indexOf(step_name);
    const instances = this.#steps.get(step_name) ?? new Map<number | undefined, Tries>();
    const tries = instances.get(map_index) ?? { step_index, attempts: 0, open: 0 };
    if (this.#lastIndex !== undefined) this.#lastIndex = Math.max(this.#lastIndex, step_index ?? 0);
    tries.attempts = count('attempt') || tries.attempts + 1;
    tries.open++;
    this.#steps.set(step_name, instances.set(map_index, tries));
    return { step_name, step_index, attempt: tries.attempts, map_index };
  }

  /** The order that a step would have if it started now; undefined: it has none. */
  indexOf(name: unknown, { step_index }: Pick<StepOptions, 'step_index'>): number | undefined {
    const given = attempt(() => readCount(step_index, 'step_index', this.#complain), this.#complain);
    return (
      given ?? this.#indexOf(attempt(() => readText(name, 'step_name', this.#complain), this.#complain) || 'unnamed')
    );
  }

  close({ step_name, map_index }: StepIdentity, { status, error }: Verdict): void {
    const tries = this.#steps.get(step_name)?.get(map_index);
    if (!tries) return;
    tries.open--;
    tries.failure = status === 'FAILED' ? error : undefined;
  }

  /** The error for a run whose code chose no end: that of a failed or running step. Undefined: the run succeeded. */
  failure(): ErrorInfo | undefined {
    const all = [...this.#steps].flatMap(([name, instances]) =>
      [...instances.values()].map((tries) => ({ name, ...tries })),
    );
    const failed = all.find(({ failure }) => failure);
    if (failed) return failed.failure;
    const running = all.find(({ open }) => open > 0);
    return (
      running && {
        error_code: 'U900',
        message: `The run ended while its step "${running.name}" was still running: await every step, or choose how the run ends (succeed, fail, end).`,
      }
    );
  }

  /** Instances of one name share its place in the order. */
  #indexOf(step_name: string): number | undefined {
    const [first] = this.#steps.get(step_name)?.values() ?? [];
    if (first) return first.step_index;
    return this.#lastIndex === undefined ? undefined : this.#lastIndex + 1;
  }
}
