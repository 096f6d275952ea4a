import { randomBytes } from 'node:crypto';
import type { Context, Handler } from 'hono';
import { runKeyOf } from '../../core/run/run.ts';
import type { ChangedRun, LedgerChanges } from '../../ledger/changes.ts';
import { HttpError } from './http-error.ts';

/** How changes reach the open pages. */
export interface LiveOptions {
  /** Changes within this time travel in one message. */
  readonly gatherMs?: number;
  /** A sign of life: what is silent for longer is broken, and proxies keep the connection. */
  readonly heartbeatMs?: number;
  /** Pages that may be open at once. */
  readonly mostClients?: number;
  /** Rejects when the request's caller is let in no more. Asked with each sign of life. */
  readonly check?: (c: Context) => Promise<unknown>;
  /** Ends every stream once it is aborted: a server that stops waits for its answers. */
  readonly stopping?: AbortSignal | undefined;
}

/** Messages kept for pages that come back with `Last-Event-ID`. What is older, they read anew. */
const KEPT_MESSAGES = 100;
/** Runs that a message names. Of more it says how many: the page reads its lists anew. */
const MOST_NAMED = 50;
/** Of one page, in bytes, beyond which it is told to read anew instead. */
const MOST_WAITING = 64 * 1024;

interface Client {
  send(text: string): void;
  close(): void;
}

/**
 * GET /api/live: the changes of a ledger as server-sent events, for every page that is open: small messages of what
 * changed, gathered; never what it is now. `hello` begins a stream, `change` says what changed, `refresh` that something
 * was left out and everything is to be read anew: after a gap, or because the page reads too slowly, so that a slow one
 * never holds more than a few messages in memory. `signed-out`: the token holds no more.
 */
export function openLive(
  changes: LedgerChanges,
  {
    gatherMs = 250,
    heartbeatMs = 15_000,
    mostClients = 200,
    check = async () => undefined,
    stopping,
  }: LiveOptions = {},
): Handler {
  const boot = randomBytes(4).toString('hex');
  const clients = new Set<Client>();
  const kept: { readonly number: number; readonly text: string }[] = [];
  const runs = new Map<string, ChangedRun>();
  let hasIncidents = false;
  let number = 0;
  let timer: NodeJS.Timeout | undefined;

  const stop = changes.watchChanges((change) => {
    if (change.kind === 'incidents') hasIncidents = true;
    else for (const run of change.runs) runs.set(runKeyOf(run), run);
    timer ??= setTimeout(flush, gatherMs);
  });

  function flush(): void {
    timer = undefined;
    number += 1;
    const named = [...runs.values()].slice(0, MOST_NAMED);
    const data = { runs: named, more_runs: runs.size - named.length, incidents: hasIncidents };
    runs.clear();
    hasIncidents = false;
    const text = message('change', data, `${boot}-${number}`);
    kept.push({ number, text });
    if (kept.length > KEPT_MESSAGES) kept.shift();
    for (const client of clients) client.send(text);
  }

  /** What a page has missed since the message of this id; undefined when that is not known any more. */
  function missedSince(id: string): readonly string[] | undefined {
    const [from, last] = id.split('-');
    if (from !== boot) return undefined;
    const first = kept[0]?.number ?? number + 1;
    return Number(last) + 1 < first
      ? undefined
      : kept.filter((each) => each.number > Number(last)).map(({ text }) => text);
  }

  stopping?.addEventListener('abort', () => {
    stop();
    clearTimeout(timer);
    for (const client of [...clients]) client.close();
  });

  return (c) => {
    if (clients.size >= mostClients) {
      const message = `expected at most ${mostClients} open pages, but got another one; close one, or read without live changes`;
      throw new HttpError(503, 'busy', message, { 'retry-after': '30' });
    }
    const encoder = new TextEncoder();
    let client: Client | undefined;
    let isBehind = false;
    let heartbeat: NodeJS.Timeout | undefined;
    const leave = (): void => {
      clearInterval(heartbeat);
      if (client !== undefined) clients.delete(client);
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start(stream) {
          const put = (text: string): void => stream.enqueue(encoder.encode(text));
          client = {
            send: (text) => {
              if (client === undefined || !clients.has(client)) return;
              if ((stream.desiredSize ?? 0) > 0) put(text);
              else isBehind = true;
            },
            close: () => {
              leave();
              stream.close();
            },
          };
          clients.add(client);
          const last = c.req.header('last-event-id');
          const missed = last === undefined ? [] : missedSince(last);
          put(`retry: 2000\n${message('hello', {}, `${boot}-${number}`)}`);
          for (const text of missed ?? [message('refresh', {})]) put(text);
          heartbeat = setInterval(() => {
            // Whoever has read nothing since the last sign of life is gone, or never will.
            if (isBehind) return client?.close();
            check(c).then(
              () => client?.send(': alive\n\n'),
              () => {
                if (client === undefined || !clients.has(client)) return;
                put(message('signed-out', {}));
                client.close();
              },
            );
          }, heartbeatMs);
        },
        pull(stream) {
          if (!isBehind) return;
          isBehind = false;
          stream.enqueue(encoder.encode(message('refresh', {})));
        },
        cancel: leave,
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_WAITING }),
    );
    // A proxy that gathers answers would keep every change to itself.
    return c.body(body, 200, { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
  };
}

const message = (event: string, data: object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
