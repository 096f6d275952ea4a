import { Worker } from 'node:worker_threads';
import { type EventSink, OverloadedError, type Taken } from '../core/ports/event-sink.ts';
import type { FromIngest, IngestSettings, ToIngest } from './ingest-protocol.ts';

/** The worker that accepts and lands, as a sink. */
export interface Ingest extends EventSink {
  /** Seals the open segments; resolves once `onTold` had everything that was sent before. */
  seal(): Promise<void>;
  /** Resolves once `onTold` had everything that was sent before. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Bytes that may wait in memory to be accepted; beyond them `send` rejects with `OverloadedError`. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

type Told = Extract<FromIngest, { kind: 'runs' | 'sealed' }>;

/** Starts the worker. `onTold` gets its messages about runs and sealed segments, in order; while `isBehind`, it takes nothing. */
export function startIngest(
  settings: IngestSettings,
  onTold: (message: Told) => void,
  isBehind: () => boolean,
): Ingest {
  const worker = new Worker(workerFile(), { workerData: settings });
  const waiting = new Map<
    number,
    { resolve: (counts: Taken) => void; reject: (error: Error) => void; bytes: number }
  >();
  const asked = new Map<number, () => void>();
  let lastId = 0;
  let waitingBytes = 0;
  let failure: Error | undefined;

  worker.on('message', (message: FromIngest) => {
    if (message.kind === 'runs' || message.kind === 'sealed') onTold(message);
    else if (message.kind === 'done') {
      asked.get(message.id)?.();
      asked.delete(message.id);
    } else {
      const request = waiting.get(message.id);
      waiting.delete(message.id);
      waitingBytes -= request?.bytes ?? 0;
      if (message.kind === 'landed') request?.resolve(message.counts);
      else request?.reject(new Error(message.message));
    }
  });
  worker.on('error', (cause) => {
    failure = new Error('the ledger can no longer land events: its worker stopped; restart the ledger', { cause });
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
    for (const done of asked.values()) done();
  });

  const post = (message: ToIngest, transfer: readonly ArrayBuffer[] = []): void =>
    worker.postMessage(message, transfer);

  const ask = (kind: 'seal' | 'sync'): Promise<void> =>
    failure
      ? Promise.resolve()
      : new Promise((resolve) => {
          const id = ++lastId;
          asked.set(id, resolve);
          post({ kind, id });
        });

  return {
    send: (records) => {
      if (failure) return Promise.reject(failure);
      const bytes = records.reduce((sum, record) => sum + record.length, 0);
      if (isBehind() || (waiting.size > 0 && waitingBytes + bytes > MAX_WAITING_BYTES)) {
        return Promise.reject(new OverloadedError('too much is waiting to be accepted; send it again in a second'));
      }
      const id = ++lastId;
      waitingBytes += bytes;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject, bytes });
        post({ kind: 'send', id, records }, ownedBuffers(records));
      });
    },
    seal: () => ask('seal'),
    sync: () => ask('sync'),
    close: async () => {
      await worker.terminate();
    },
  };
}

/** The worker's file lies beside this one, as source or bundled. */
const workerFile = (): URL =>
  new URL(import.meta.url.endsWith('.ts') ? './ingest-worker.ts' : './ingest-worker.mjs', import.meta.url);

/** Buffers that hold one record and nothing else move to the worker; the others are copied. */
const ownedBuffers = (records: readonly Uint8Array[]): readonly ArrayBuffer[] => [
  ...new Set(
    records
      .filter(({ byteLength, buffer }) => byteLength === buffer.byteLength)
      .map(({ buffer }) => buffer)
      .filter((buffer) => buffer instanceof ArrayBuffer),
  ),
];
