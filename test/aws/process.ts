import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RunningProcess {
  readonly pid: number;
  readonly url: string;
  /** Ends the process and all it started: politely, then, past the limit, for certain. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where its output goes. */
  readonly log: string;
  readonly url: string;
  /** Whether it can be used now; asked again and again. A refused connection is no. */
  readonly isReady: () => Promise<boolean>;
  readonly readyWithinMs: number;
}

const STOP_LIMIT_MS = 10_000;

/** Starts a server in a process group of its own, so that what it starts ends with it, and waits until it is ready. */
export async function startProcess(options: StartOptions): Promise<RunningProcess> {
  const log = openSync(options.log, 'a');
  const child = spawn(options.command, options.args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${options.name} did not start: ${options.command} cannot be run`);
  const killNow = () => signal(pid, 'SIGKILL');
  process.once('exit', killNow);
  const stop = async () => {
    process.off('exit', killNow);
    await end(child, pid);
  };
  try {
    await untilReady(options, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, url: options.url, stop };
}

/** Stops what was started when this process is told to end, and ends then. */
export function stopOnSignals(stop: () => Promise<void>): void {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.once(name, () => void stop().finally(() => process.exit(1)));
  }
}

/** Runs a command to its end while this process goes on serving; throws with what it said when it fails. */
export async function runToEnd(options: {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
}): Promise<string> {
  const { command, args, cwd, env, limitMs } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code === 0) return said;
  const how = signal === null ? `ended with ${code}` : `was ended by ${signal}, after ${limitMs / 1000} s at most`;
  throw new Error(`${command} ${args.join(' ')} ${how}:\n${said.split('\n').slice(-30).join('\n')}`);
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilReady({ name, isReady, readyWithinMs, log }: StartOptions, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`${name} ended before it was ready; its last words:\n${lastWords(log)}`);
    if (await isReady().catch(() => false)) return;
    await sleep(200);
  }
  throw new Error(`${name} was not ready after ${readyWithinMs / 1000} s; its last words:\n${lastWords(log)}`);
}

async function end(child: ChildProcess, pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const deadline = performance.now() + STOP_LIMIT_MS;
  while (!hasEnded(child) && performance.now() < deadline) await sleep(50);
  // The group may hold children that outlived their parent.
  signal(pid, 'SIGKILL');
  while (!hasEnded(child)) await sleep(50);
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // The group is gone already.
  }
}

const lastWords = (log: string): string => readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
