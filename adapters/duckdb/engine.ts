import { fork } from 'node:child_process';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import type { DatabaseOptions } from './database.ts';
import type { FromEngine, ToEngine } from './engine-protocol.ts';

/** A process that owns the DuckDB file, from its start to its end. */
export interface Engine {
  /** Rejects with `QueryRejectedError`, with what DuckDB says, or with `EngineEnded`. */
  call(request: Request): Promise<Reply>;
  /** Ends the process at once; what was written stays. */
  kill(): void;
  /** Closes the file and ends the process. */
  close(): Promise<void>;
  /** Resolves when the process has ended, in whatever way. */
  readonly ended: Promise<void>;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
/** A message without its number. */
export type Request = WithoutId<Exclude<ToEngine, { kind: 'open' | 'close' }>>;

/** The rows, and what came with them. */
export type Reply = Pick<Extract<FromEngine, { kind: 'done' }>, 'answer'> & { readonly rows: readonly unknown[] };

/** The process ended before it had answered. */
export class EngineEnded extends Error {
  override readonly name = 'EngineEnded';
  /** Whether people's questions were under way. */
  readonly wasAsked: boolean;
  constructor(how: string, wasAsked: boolean) {
    super(`the process of the query engine ended (${how})`);
    this.wasAsked = wasAsked;
  }
}

/** Of JavaScript in that process: an answer and its text, which are bounded by the limits of questions. */
const HEAP_MB = 512;
/** Each statement or question under way holds a thread of libuv's. */
const THREADS = 8;

/** Starts the process and opens the file. Rejects when that fails. */
export async function startEngine(options: DatabaseOptions): Promise<Engine> {
  const child = fork(processFile(), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${HEAP_MB}`],
    env: { UV_THREADPOOL_SIZE: String(THREADS), ...neededEnvironment() },
  });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let hasEnded = false;
  const { promise: ended, resolve: tellEnded } = Promise.withResolvers<void>();

  child.on('message', (message: FromEngine) => {
    const request = waiting.get(message.id);
    if (request === undefined) return;
    if (message.kind === 'rows') {
      for (const row of JSON.parse(message.json) as unknown[]) request.rows.push(row);
      return;
    }
    waiting.delete(message.id);
    if (message.kind === 'done') request.resolve({ answer: message.answer, rows: request.rows });
    else request.reject(message.isRefused ? new QueryRejectedError(message.message) : new Error(message.message));
  });
  function finish(how: string): void {
    hasEnded = true;
    const wasAsked = [...waiting.values()].some(({ kind }) => kind === 'ask');
    for (const { reject } of waiting.values()) reject(new EngineEnded(how, wasAsked));
    waiting.clear();
    tellEnded();
  }
  child.on('exit', (code, signal) => finish(signal ?? `exit code ${code}`));
  child.on('error', ({ message }) => {
    // What could not be sent is answered by the end of the process; what could not be started has none.
    if (child.pid === undefined) finish(message);
    else child.kill('SIGKILL');
  });

  const call = (request: WithoutId<ToEngine>): Promise<Reply> =>
    new Promise((resolve, reject) => {
      if (hasEnded) {
        reject(new EngineEnded('before it was asked', false));
        return;
      }
      const id = ++lastId;
      waiting.set(id, { kind: request.kind, rows: [], resolve, reject });
      child.send({ ...request, id } as ToEngine, (error) => error && child.kill('SIGKILL'));
    });

  const end = async (): Promise<void> => {
    if (!hasEnded) child.kill('SIGKILL');
    await ended;
  };
  try {
    await call({ kind: 'open', options });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    call,
    ended,
    kill: () => void child.kill('SIGKILL'),
    close: async () => {
      await call({ kind: 'close' }).catch(() => undefined);
      await end();
    },
  };
}

/** What a Node may not start without, and nothing else of the environment: no question can read what is not there. */
const neededEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(['SystemRoot', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'].map((name) => [name, process.env[name]]));

interface Waiting {
  readonly kind: ToEngine['kind'];
  readonly rows: unknown[];
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/** The process's file lies beside this one, as source or bundled. */
const processFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './engine-process.ts' : './engine-process.mjs', import.meta.url);
