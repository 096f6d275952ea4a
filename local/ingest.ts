import { Worker } from 'node:worker_threads';
import { type EventSink, OverloadedError, type Taken } from '../core/ports/event-sink.ts';
import type { FromIngest, IngestSettings, ToIngest, WorkerSettings } from './ingest-protocol.ts';
import { retryTimer } from './retry-timer.ts';
import type { Troubles } from './troubles.ts';

/** The worker that accepts and lands, as a sink. */
export interface Ingest extends EventSink {
  /** Seals the open segments; resolves once `onTold` had everything that was sent before. */
  seal(): Promise<void>;
  /** Resolves once `onTold` had everything that was sent before. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

type Told = Extract<FromIngest, { kind: 'runs' | 'sealed' }>;

/** What is told of what the worker does, and what else it is started with. */
export interface IngestListener {
  /** Gets the messages about runs and sealed segments, in order. */
  readonly onTold: (message: Told) => void;
  /** Called when the worker died, before anything of the next one is told. */
  readonly onDied: () => void;
  /** While it is true, `send` takes nothing. */
  readonly isBehind: () => boolean;
  readonly troubles: Troubles;
  /** For tests. */
  readonly startWorker?: (settings: WorkerSettings) => Worker;
}

/** Bytes that may wait in memory to be accepted; beyond them `send` rejects with `OverloadedError`. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/**
 * Starts the worker, and another one whenever it dies: what was being sent then is rejected, and may be sent again; the
 * next is taken.
 */
export function startIngest(
  settings: IngestSettings,
  { onTold, onDied, isBehind, troubles, startWorker = workerOf }: IngestListener,
): Ingest {
  const waiting = new Map<
    number,
    { resolve: (counts: Taken) => void; reject: (error: Error) => void; bytes: number }
  >();
  const asked = new Map<number, { readonly message: ToIngest; readonly done: () => void }>();
  const retry = retryTimer(() => start(true));
  let worker: Worker | undefined;
  let failure: Error | undefined;
  let deaths = 0;
  let lastId = 0;
  let waitingBytes = 0;
  let isClosing = false;

  function start(recover: boolean): void {
    let cause: unknown;
    worker = startWorker({ ...settings, recover });
    worker.on('message', handle);
    worker.on('error', (error) => {
      cause = error;
    });
    worker.on('exit', (code) => {
      if (!isClosing) died(cause ?? new Error(`it ended with code ${code}`));
    });
    for (const { message } of asked.values()) worker.postMessage(message);
  }

  function died(cause: unknown): void {
    worker = undefined;
    failure = new Error('the worker that lands events died, and another one is started; send it again', { cause });
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
    waitingBytes = 0;
    onDied();
    troubles.begin('ingest worker', cause);
    deaths += 1;
    if (deaths === 1) {
      start(true);
      return;
    }
    // One that dies at once whatever it is given: nobody waits for it.
    for (const { done } of asked.values()) done();
    asked.clear();
    retry.again();
  }

  function handle(message: FromIngest): void {
    switch (message.kind) {
      case 'runs':
      case 'sealed':
        onTold(message);
        return;
      case 'trouble':
        if (message.cause === null) troubles.end('ingest');
        else troubles.begin('ingest', new Error(message.cause));
        return;
      case 'done':
        alive();
        asked.get(message.id)?.done();
        asked.delete(message.id);
        return;
      default:
        alive();
        answer(message);
    }
  }

  function answer(message: Extract<FromIngest, { kind: 'landed' | 'failed' }>): void {
    const request = waiting.get(message.id);
    waiting.delete(message.id);
    waitingBytes -= request?.bytes ?? 0;
    if (message.kind === 'landed') request?.resolve(message.counts);
    else request?.reject(new Error(message.message));
  }

  function alive(): void {
    deaths = 0;
    retry.worked();
    troubles.end('ingest worker');
  }

  const ask = (kind: 'seal' | 'sync'): Promise<void> =>
    new Promise((done) => {
      if (deaths > 1) return done();
      const message = { kind, id: ++lastId };
      asked.set(message.id, { message, done });
      worker?.postMessage(message);
    });

  start(false);
  return {
    send: (records) => {
      if (worker === undefined && failure !== undefined) return Promise.reject(failure);
      const bytes = records.reduce((sum, record) => sum + record.length, 0);
      if (isBehind() || (waiting.size > 0 && waitingBytes + bytes > MAX_WAITING_BYTES)) {
        return Promise.reject(new OverloadedError('too much is waiting to be accepted; send it again in a second'));
      }
      const id = ++lastId;
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, bytes });
        worker?.postMessage({ kind: 'send', id, records } satisfies ToIngest, ownedBuffers(records));
      });
    },
    seal: () => ask('seal'),
    sync: () => ask('sync'),
    close: async () => {
      isClosing = true;
      retry.close();
      for (const { done } of asked.values()) done();
      await worker?.terminate();
    },
  };
}

/** A batch lives for one message. Left to itself V8 keeps 100 MB more, to collect it a little less often. */
const YOUNG_MB = 24;

/** The worker's file lies beside this one, as source or bundled. */
export const workerOf = (workerData: WorkerSettings): Worker =>
  new Worker(new URL(import.meta.url.endsWith('.ts') ? './ingest-worker.ts' : './ingest-worker.mjs', import.meta.url), {
    workerData,
    name: 'ingest',
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });

/** Buffers that hold one record and nothing else move to the worker; the others are copied. */
const ownedBuffers = (records: readonly Uint8Array[]): ArrayBuffer[] => [
  ...new Set(
    records
      .filter(({ byteLength, buffer }) => byteLength === buffer.byteLength)
      .map(({ buffer }) => buffer)
      .filter((buffer) => buffer instanceof ArrayBuffer),
  ),
];
