import { backoffMs } from './backoff.ts';
import type { Runtime } from './runtime.ts';

/** The longest pause between two tries of its own. The ledger may ask for longer ones, up to MAX_RETRY_AFTER_MS. */
const MAX_PAUSE_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

/** When a transport that failed may be called again: after pauses that grow with each failure in a row. */
export class Pauses {
  readonly #runtime: Runtime;
  readonly #baseMs: number;
  #failuresInARow = 0;
  #notBeforeMs = 0;

  constructor(runtime: Runtime, baseMs: number) {
    this.#runtime = runtime;
    this.#baseMs = baseMs;
  }

  /** The transport is known to fail, and is not called for now. */
  get isAway(): boolean {
    return this.leftMs > 0;
  }

  get leftMs(): number {
    return this.#notBeforeMs - this.#runtime.elapsed();
  }

  get hasFailed(): boolean {
    return this.#failuresInARow > 0;
  }

  /** `retryAfterMs`: what the other side asked for. */
  failed(retryAfterMs: number): void {
    this.#failuresInARow++;
    const ownMs = backoffMs(this.#failuresInARow, this.#baseMs, MAX_PAUSE_MS, this.#runtime);
    const askedMs = Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
    this.#notBeforeMs = this.#runtime.elapsed() + Math.max(this.#baseMs, ownMs, askedMs);
  }

  worked(): void {
    this.#failuresInARow = 0;
    this.#notBeforeMs = 0;
  }
}
