import type { Runtime } from './runtime.ts';

/** Exponential backoff with full jitter, in milliseconds. `failures`: how many have happened so far, from 1. */
export function backoffMs(failures: number, baseMs: number, maxMs: number, runtime: Pick<Runtime, 'random'>): number {
  return Math.round(runtime.random() * Math.min(maxMs, baseMs * 2 ** (failures - 1)));
}

/** Resolves after `delayMs`, or as soon as the signal is aborted. */
export function pause(delayMs: number, signal: AbortSignal, runtime: Pick<Runtime, 'after'>): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const cancel = runtime.after(delayMs, done);
    signal.addEventListener('abort', done);
  });
}
