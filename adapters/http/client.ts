import * as z from 'zod';
import { type Answer, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { type IngestCounts, OverloadedError } from '../../core/ports/event-sink.ts';
import type { ShownRun, ShownRunDetail } from '../../flows/answer.ts';
import type { RebuildReport } from '../../flows/rebuild.ts';
import type { LedgerApi, LedgerSummary } from '../../ledger/api.ts';

export interface RemoteOptions {
  /** Where the ledger is served: `http://127.0.0.1:4319`. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** Nobody answers there, or the answer broke off. Whatever was under way may have been taken. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

interface Asking extends Pick<RequestInit, 'body' | 'signal'> {
  /** Of the body; default JSON. */
  readonly type?: string;
}

/** Who asks whether anybody is there at all does not wait for long. */
const SUMMARY_TIMEOUT_MS = 5_000;

const count = z.int().min(0);
const text = z.string();
const landed: z.ZodType<IngestCounts> = z.object({ received: count, accepted: count, rejected: count });
const answered: z.ZodType<Answer> = z.object({
  columns: z.array(z.object({ name: text, type: text })),
  rows: z.array(z.array(z.unknown())),
  truncated: z.boolean(),
  elapsed_ms: z.number(),
});
/** What is shown of a run is checked by what identifies it: the rest is the other side's own columns. */
const run = z.looseObject({ environment: text, process_name: text, run_id: text, status: text });
const runs = z.array(run) as unknown as z.ZodType<readonly ShownRun[]>;
const details = z.array(
  z.object({ run, steps: z.array(z.looseObject({ step_name: text, status: text })) }),
) as unknown as z.ZodType<readonly ShownRunDetail[]>;
const summed = z.looseObject({ version: text, data_dir: text, runs: count }) as unknown as z.ZodType<LedgerSummary>;
const table = z.object({ table: text, rows: count, rebuilt_rows: count, checksum: text, rebuilt_checksum: text });
const rebuilt: z.ZodType<RebuildReport> = z.object({
  objects: count,
  lines: count,
  identical: z.boolean(),
  swapped: z.boolean(),
  tables: z.array(table),
});
const failure = z.object({ error: z.object({ code: text, message: text }) });

/** A ledger that another process serves. `fetch` is the global one unless a test gives its own. */
export function remoteLedger(
  { url, token }: RemoteOptions,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): LedgerApi {
  const base = url.replace(/\/+$/, '');
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function ask<T>(
    method: 'GET' | 'POST',
    path: string,
    schema: z.ZodType<T>,
    { type, ...init }: Asking = {},
  ): Promise<T> {
    const headers = {
      ...authorization,
      ...(init.body === undefined ? {} : { 'content-type': type ?? 'application/json' }),
    };
    let response: Response;
    let said: string;
    try {
      response = await fetch(`${base}${path}`, { ...init, method, headers });
      said = await response.text();
    } catch (cause) {
      throw new Unreachable(`no ledger answers at ${base} (${reasonOf(cause)}); start one with \`runledger serve\``, {
        cause,
      });
    }
    return read(said, response, schema, `${base}${path}`);
  }

  return {
    send: (records) => ask('POST', '/api/records', landed, { body: separated(records), type: 'application/x-ndjson' }),
    runs: (filter) => ask('GET', `/api/runs${queryOf({ ...filter })}`, runs),
    show: ({ run_id, ...filter }) => ask('GET', `/api/runs/${encodeURIComponent(run_id)}${queryOf(filter)}`, details),
    query: (sql) => ask('POST', '/query', answered, { body: JSON.stringify({ sql }) }),
    summary: () => ask('GET', '/api/summary', summed, { signal: AbortSignal.timeout(SUMMARY_TIMEOUT_MS) }),
    rebuild: (options) => ask('POST', '/api/rebuild', rebuilt, { body: JSON.stringify(options) }),
    settle: async () => {
      await ask('POST', '/api/settle', z.object({ settled: z.literal(true) }));
    },
    close: async () => undefined,
  };
}

function read<T>(said: string, response: Response, schema: z.ZodType<T>, address: string): T {
  const value = jsonOf(said);
  const failed = failure.safeParse(value);
  if (failed.success) throw errorOf(failed.data.error, response.status);
  const parsed = schema.safeParse(value);
  if (response.ok && parsed.success) return parsed.data;
  throw new Error(
    `expected ${address} to answer as a ledger does, but came status ${response.status} and ${said.trim() === '' ? 'nothing' : `"${said.trim().slice(0, 80)}"`}; check the address, and that both sides are of one version`,
  );
}

function errorOf({ code, message }: z.infer<typeof failure>['error'], status: number): Error {
  if (code === 'refused') return new QueryRejectedError(message);
  if (code === 'busy') return new OverloadedError(message);
  if (code === 'unauthorized') return new Error(`${message} (--token, or RUNLEDGER_TOKEN)`);
  return new Error(`the ledger answered ${status} ${code}: ${message}`);
}

function jsonOf(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    return undefined;
  }
}

/** `fetch` says only "fetch failed": the reason is in its cause, or in that one's parts. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  if (!(first instanceof Error)) return String(first);
  if ('code' in first && first.code === 'ECONNREFUSED') return 'connection refused';
  return first.message || String('code' in first ? first.code : first.name);
}

const NEWLINE = new Uint8Array([0x0a]);

/** One body of them all: a record ends with its last line, so the next must not go on in it. */
const separated = (records: readonly Uint8Array[]): Buffer<ArrayBuffer> =>
  Buffer.concat(records.flatMap((record) => (record.at(-1) === 0x0a ? [record] : [record, NEWLINE])));

function queryOf(values: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
