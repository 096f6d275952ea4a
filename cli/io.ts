import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../adapters/clock.ts';
import type { Clock } from '../core/ports/clock.ts';

/** Everything a command has of the process it runs in. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder it was started in. */
  readonly cwd: string;
  readonly clock: Clock;
  /** What a person types to run this program again: `runledger`, or `npx runledger`. */
  readonly program: string;
  /** Resolves after that long, or at once when the signal is aborted. */
  pause(pauseMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls `act` whenever the process is asked to stop; the returned function takes that back. */
  onStop(act: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

/** An output stream; a terminal when `isTTY`. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

const STOPS = ['SIGINT', 'SIGTERM'] as const;

/** The process itself. */
export const processIo = (): Io => ({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  program: programName(process.env, process.argv[1]),
  pause: (pauseMs, signal) =>
    sleep(pauseMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      if (!signal?.aborted) throw error;
    }),
  onStop: (act) => {
    for (const signal of STOPS) process.on(signal, act);
    return () => {
      for (const signal of STOPS) process.off(signal, act);
    };
  },
  exit: (code) => process.exit(code),
});

/** Inside an npm script, in a clone and where a project has it, the program is not on people's own PATH. */
export function programName(env: Io['env'], script = ''): string {
  const isOnPath = env.npm_lifecycle_event === undefined && !/\.mjs$|[/\\]node_modules[/\\]/.test(script);
  return isOnPath ? 'runledger' : 'npx runledger';
}
