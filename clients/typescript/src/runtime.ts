import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { nodeSurroundings, type Surroundings } from './context/surroundings.ts';
import { type Mortal, releaseProcess, watchProcess } from './dying.ts';

/** What the client takes from the process it runs in: the only place with a clock, a timer or randomness. */
export interface Runtime {
  /** The wall clock: milliseconds since 1970. */
  now(): number;
  /** A clock that never goes back, in milliseconds. Durations are measured with it. */
  elapsed(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** A random UUID. */
  uuid(): string;
  /**
   * Calls `act` once after `delayMs`; the returned function cancels that. A timer keeps the process alive only with
   * `keepAlive`, for a promise that the host awaits: without other work the process would end before it settles.
   */
  after(delayMs: number, act: () => void, options?: { readonly keepAlive?: boolean }): () => void;
  env(name: string): string | undefined;
  /** For child processes; undefined takes the variable away. */
  setEnv(name: string, value: string | undefined): void;
  warn(message: string): void;
  /** What a run can look at to find out where it runs. */
  readonly surroundings: Surroundings;
  /** A run of the ledger has started: it ends with the process. */
  watch(ledger: Mortal): void;
  /** A run has ended, and its events are sent; or a ledger is closed. */
  unwatch(): void;
}

/** Node.js fires a timer set for longer than this at once. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export const nodeRuntime: Runtime = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  uuid: () => randomUUID(),
  after(delayMs, act, { keepAlive = false } = {}) {
    const timer = setTimeout(act, delayMs);
    if (!keepAlive) timer.unref();
    return () => clearTimeout(timer);
  },
  env: (name) => process.env[name],
  setEnv(name, value) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  },
  warn: (message) => process.emitWarning(message, 'RunledgerWarning'),
  surroundings: nodeSurroundings,
  watch: watchProcess,
  unwatch: releaseProcess,
};
