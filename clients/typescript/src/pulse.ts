import { MAX_TIMER_MS, type Runtime } from './runtime.ts';

/** The promise that `ledger.run` makes for a run that makes none itself: an event at least every minute. */
export const DEFAULT_HEARTBEAT_MS = 60_000;

/**
 * Keeps the promise of a run to send something every `intervalMs`: calls `beat` once the run has been silent for so
 * long. Its timer never keeps the process alive. It cannot fire while the host's own code blocks the event loop.
 */
export class Pulse {
  readonly #runtime: Runtime;
  readonly #intervalMs: number;
  readonly #beat: () => void;
  #lastMs: number;
  #cancel: (() => void) | undefined;

  constructor(runtime: Runtime, intervalMs: number, beat: () => void) {
    this.#runtime = runtime;
    this.#intervalMs = Math.min(intervalMs, MAX_TIMER_MS);
    this.#beat = beat;
    this.#lastMs = runtime.elapsed();
    this.#wait(this.#intervalMs);
  }

  /** The run sent something: it is not silent. */
  heard(): void {
    this.#lastMs = this.#runtime.elapsed();
  }

  /** No beat comes after this. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(delayMs: number): void {
    this.#cancel = this.#runtime.after(delayMs, () => {
      const silentMs = this.#runtime.elapsed() - this.#lastMs;
      // A beat is an event of the run: `heard` is called by what it sends.
      if (silentMs >= this.#intervalMs) this.#beat();
      // The beat may have ended it.
      if (this.#cancel) this.#wait(Math.max(1, this.#intervalMs - (this.#runtime.elapsed() - this.#lastMs)));
    });
  }
}
