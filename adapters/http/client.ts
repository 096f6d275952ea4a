import type * as z from 'zod';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { OverloadedError } from '../../core/ports/event-sink.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { ForbiddenError } from '../../ledger/errors.ts';
import type { AskQuestion } from '../../ledger/limited-ledger.ts';
import { remoteAlerts } from './alerts-client.ts';
import {
  dismissAnswer,
  failureAnswer,
  forgetAnswer,
  inspectionAnswer,
  parkedAnswer,
  queryAnswer,
  type RunQuery,
  type RunsQuery,
  rebuildAnswer,
  recordsAnswer,
  retryAnswer,
  runAnswer,
  runsAnswer,
  settleAnswer,
  summaryAnswer,
} from './contract.ts';
import { queryOf } from './query-text.ts';
import { remoteRecovery } from './recovery-client.ts';

/** Which served ledger. */
export interface RemoteOptions {
  /** Where the ledger is served: `http://127.0.0.1:4319`. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** No server answers there, or the answer broke off. What was under way may have been taken. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

interface Asking extends Pick<RequestInit, 'body' | 'signal'> {
  /** Of the body; default JSON. */
  readonly type?: string;
}

/** The question whether a ledger serves there at all must not wait for long. */
const SUMMARY_TIMEOUT_MS = 5_000;

/** A ledger that another process serves. `fetch` is the global one unless a test gives its own. */
export function remoteLedger(
  { url, token }: RemoteOptions,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): FolderLedger & { readonly ask: AskQuestion } {
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
    send: (records) =>
      ask('POST', '/api/records', recordsAnswer, { body: separated(records), type: 'application/x-ndjson' }),
    runs: ({ environment, process_name, open, alive, since, limit }) =>
      ask(
        'GET',
        `/api/runs${queryOf<RunsQuery>({ environment, process_name, open, alive, since, limit })}`,
        runsAnswer,
      ),
    show: ({ run_id, environment, process_name }) =>
      ask(
        'GET',
        `/api/runs/${encodeURIComponent(run_id)}${queryOf<RunQuery>({ environment, process_name })}`,
        runAnswer,
      ),
    query: (sql, { timeoutMs } = {}) =>
      ask('POST', '/query', queryAnswer, { body: JSON.stringify({ sql, timeout_ms: timeoutMs }) }),
    ask: (name, given) => ask('GET', `/api/questions/${encodeURIComponent(name)}${queryOf(given)}`, queryAnswer),
    summary: () => ask('GET', '/api/summary', summaryAnswer, { signal: AbortSignal.timeout(SUMMARY_TIMEOUT_MS) }),
    rebuild: (options) => ask('POST', '/api/rebuild', rebuildAnswer, { body: JSON.stringify(options) }),
    inspect: () => ask('GET', '/api/inspection', inspectionAnswer),
    dismiss: async (dismissal) => {
      await ask('POST', '/api/rejections/dismiss', dismissAnswer, { body: JSON.stringify(dismissal) });
    },
    parkedObjects: () => ask('GET', '/api/objects/parked', parkedAnswer),
    retryObjects: (objects) => ask('POST', '/api/objects/retry', retryAnswer, { body: JSON.stringify({ objects }) }),
    forgetObjects: async (forgetting) =>
      (await ask('POST', '/api/objects/forget', forgetAnswer, { body: JSON.stringify(forgetting) })).forgotten,
    settle: async () => {
      await ask('POST', '/api/settle', settleAnswer);
    },
    alerts: remoteAlerts(ask),
    recovery: remoteRecovery(ask),
    close: async () => undefined,
  };
}

function read<T>(said: string, response: Response, schema: z.ZodType<T>, address: string): T {
  const value = jsonOf(said);
  const failed = failureAnswer.safeParse(value);
  if (failed.success) throw errorOf(failed.data.error, response.status);
  const parsed = schema.safeParse(value);
  if (response.ok && parsed.success) return parsed.data;
  throw new Error(
    `expected ${address} to answer as a ledger does, but got status ${response.status} and ${said.trim() === '' ? 'nothing' : `"${said.trim().slice(0, 80)}"`}; check the address, and that both sides are of one version`,
  );
}

function errorOf({ code, message }: z.output<typeof failureAnswer>['error'], status: number): Error {
  if (code === 'refused') return new QueryRejectedError(message);
  if (code === 'busy') return new OverloadedError(message);
  if (code === 'unauthorized') return new Error(`${message} (--token, or RUNLEDGER_TOKEN)`);
  const told = `the ledger answered ${status} ${code}: ${message}`;
  return code === 'forbidden' ? new ForbiddenError(told) : new Error(told);
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
