import type { Surroundings } from '../src/context/surroundings.ts';
import type { Runtime } from '../src/runtime.ts';

export interface FakeRuntime extends Runtime {
  /** What was asked of `after`, in milliseconds, in order. */
  readonly delays: number[];
  readonly warnings: string[];
  /** Moves both clocks ahead and fires what is due, in order. */
  advance(ms: number): void;
  /** Sets the wall clock alone, as an administrator or NTP may. */
  setWallClock(ms: number): void;
  /** Timers that would keep the process alive now. */
  timersThatKeepAlive(): number;
}

interface Timer {
  readonly dueMs: number;
  readonly act: () => void;
  readonly keepAlive: boolean;
}

export const START_MS = Date.parse('2026-11-03T12:00:00.000Z');

/** A runtime whose clock stands still until a test moves it. Timers that `firesAtOnce` picks do not wait for that. */
export function aRuntime(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly random?: () => number;
    readonly surroundings?: Partial<Surroundings>;
    readonly firesAtOnce?: (delayMs: number) => boolean;
  } = {},
): FakeRuntime {
  const { random = () => 0.5, firesAtOnce = () => false } = options;
  const env: Record<string, string | undefined> = { ...options.env };
  const timers = new Set<Timer>();
  const delays: number[] = [];
  const warnings: string[] = [];
  let elapsedMs = 1_000;
  let wallMs = START_MS;
  let ids = 0;

  return {
    delays,
    warnings,
    now: () => wallMs,
    elapsed: () => elapsedMs,
    random,
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`,
    env: (name) => env[name],
    setEnv: (name, value) => {
      env[name] = value;
    },
    warn: (message) => warnings.push(message),
    surroundings: nowhere(options.surroundings),
    watch: () => undefined,
    unwatch: () => undefined,
    after(delayMs, act, { keepAlive = false } = {}) {
      delays.push(delayMs);
      if (firesAtOnce(delayMs)) {
        const immediate = setImmediate(act);
        return () => clearImmediate(immediate);
      }
      const timer = { dueMs: elapsedMs + delayMs, act, keepAlive };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs);
        if (!next) break;
        wallMs += Math.max(0, next.dueMs - elapsedMs);
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        timers.delete(next);
        next.act();
      }
      wallMs += endMs - elapsedMs;
      elapsedMs = endMs;
    },
    setWallClock(ms) {
      wallMs = ms;
    },
    timersThatKeepAlive: () => [...timers].filter((timer) => timer.keepAlive).length,
  };
}

/** Where nothing can be found out, but for what is given. */
export const nowhere = (given: Partial<Surroundings> = {}): Surroundings => ({
  env: () => ({}),
  argv: [],
  parentId: undefined,
  folder: () => undefined,
  account: () => undefined,
  read: () => undefined,
  ask: () => Promise.resolve(undefined),
  memoryBytes: () => undefined,
  ...given,
});

/** Lets everything that is not waiting for a timer or the network go on as far as it can. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
