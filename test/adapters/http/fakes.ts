import { gzipSync } from 'node:zlib';
import { type AppOptions, type AppPorts, createApp } from '../../../adapters/http/app.ts';
import type { Page } from '../../../adapters/http/page.ts';
import type { Answer, AnswerEngine } from '../../../core/ports/answer-engine.ts';
import type { EventSink, IngestCounts } from '../../../core/ports/event-sink.ts';

/** Takes every line as accepted, and keeps what it was sent. */
export function recordingSink(failure?: unknown): EventSink & { readonly sent: string[][] } {
  const sent: string[][] = [];
  return {
    sent,
    async send(records): Promise<IngestCounts> {
      if (failure !== undefined) throw failure;
      sent.push(records.map((record) => Buffer.from(record).toString('utf8')));
      const received = records
        .flatMap((record) => Buffer.from(record).toString('utf8').split('\n'))
        .filter((line) => line.trim() !== '').length;
      return { received, accepted: received, rejected: 0 };
    },
  };
}

/** Answers the same to every question, and keeps what it was asked. */
export function recordingAnswers(
  answer: Partial<Answer> = {},
  failure?: unknown,
): AnswerEngine & { readonly asked: [string, object][] } {
  const asked: [string, object][] = [];
  return {
    asked,
    async answer(sql, limits) {
      asked.push([sql, limits]);
      if (failure !== undefined) throw failure;
      return { columns: [{ name: 'n', type: 'BIGINT' }], rows: [[1]], truncated: false, elapsed_ms: 2, ...answer };
    },
  };
}

const aFile = (type: string, text: string) => ({
  type,
  body: new TextEncoder().encode(text),
  gzipped: new Uint8Array(gzipSync(text)),
});

/** A page as a build leaves it: one document, one script. */
export const aPage = (): Page => ({
  index: aFile('text/html; charset=utf-8', '<!doctype html><title>Runledger</title>'),
  assets: new Map([['page-1a2b.js', aFile('text/javascript; charset=utf-8', 'started();')]]),
});

/** A ledger in which nothing changes. */
export const noChanges = { watchChanges: () => () => undefined };

/** An app over fakes; give what the test is about. */
export function anApp({ ports = {}, ...options }: Partial<AppOptions> & { readonly ports?: Partial<AppPorts> } = {}) {
  const sink = recordingSink();
  const answers = recordingAnswers();
  const fakes: AppPorts = {
    ...{ sink, answers, health: async () => ({ runs: 3 }), page: aPage(), changes: noChanges },
    takePing: async ({ run_id = 'new' }) => ({ run_id, accepted: 1 }),
    ...ports,
  };
  return {
    app: createApp(fakes, { allowedHosts: [], clock: { now: () => '2025-11-03T12:00:00.000Z' }, ...options }),
    sink,
    answers,
  };
}

/** A Firehose call as an SDK puts it on the wire, without its signature. */
export const firehoseCall = (operation: string, input: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `Firehose_20150804.${operation}`,
    ...headers,
  },
  body: typeof input === 'string' ? input : JSON.stringify(input),
});

export const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');

/** What an error answer says. */
export async function errorOf(response: Response): Promise<{ readonly code: string; readonly message: string }> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return error;
}
