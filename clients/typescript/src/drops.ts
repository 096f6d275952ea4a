import type { RunIdentity } from './event.ts';
import type { Complain } from './wire-value.ts';

/** Of a line from the spool nobody knows the run. */
export const NO_RUN: RunIdentity = { run_id: '', process_name: '', run_attempt: 1, environment: undefined };

/** Counts dropped events. It complains once, and again only after sending has worked. */
export class Drops {
  readonly #complain: Complain;
  #count = 0;
  #untold: { count: number; run: RunIdentity } | undefined;

  constructor(complain: Complain) {
    this.#complain = complain;
  }

  get count(): number {
    return this.#count;
  }

  /** `run` is that of the last of them. */
  add(count: number, run: RunIdentity | undefined, reason: string): void {
    if (count === 0 || !run) return;
    this.#count += count;
    if (!this.#untold) this.#complain(new Error(`Events are being dropped: ${reason}`));
    this.#untold = { run, count: (this.#untold?.count ?? 0) + count };
  }

  /** Those that no event has told of so far; undefined: there are none, or nobody knows of which run. */
  takeUntold(): { readonly count: number; readonly run: RunIdentity } | undefined {
    const untold = this.#untold;
    this.#untold = undefined;
    return untold && untold.run !== NO_RUN ? untold : undefined;
  }
}
