import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { pageApp } from '../../aws/page.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import type { BilledAnswers, UnderWay } from '../../core/ports/billed-answers.ts';
import { anAnswer } from '../cli/fakes.ts';
import { aClock } from '../fakes/clock.ts';

const TOKEN = 'a-token-that-is-long-enough-to-be-sure';
const EMPTY = { type: 'text/html', body: new Uint8Array(), gzipped: new Uint8Array() };

function aPage({ found = anAnswer(['n'], [1]) as Answer | UnderWay } = {}) {
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const clock = aClock('2025-11-03T12:00:40.000Z');
  const asked: { sql: string; asOf: string }[] = [];
  const answers: BilledAnswers = {
    answer: async (sql, asOf) => {
      asked.push({ sql, asOf });
      return found;
    },
  };
  const never = async (): Promise<never> => {
    throw new Error('expected that nothing is billed');
  };
  const decided: unknown[] = [];
  const alerts = {
    incidents: async () => [],
    decide: async (decision: unknown) => void decided.push(decision),
  } as unknown as Parameters<typeof pageApp>[0]['ledger']['alerts'];
  const app = pageApp(
    {
      ledger: { runs: async () => [], show: async () => [], dismiss: never, alerts },
      ...{ live, answers, clock, page: { index: EMPTY, assets: new Map() } },
    },
    {
      ...{ token: TOKEN, clock, where: 'stack x in eu-west-1', sign_in: 'cookie', bucket: 'lake' },
      ...{ scanLimitBytes: 1e11, limits: { waitMs: 1_000, maxRows: 10, maxLength: 1_000 }, allowedHosts: [] },
    },
  );
  const ask = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const all = { host: '127.0.0.1:4319', authorization: `Bearer ${TOKEN}`, ...headers };
    const response = await app.request(path, { ...init, headers: all });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { app, ask, asked, clock, decided };
}

test('the page is told how it asks: what a question costs, how often to look, and which ledger it is', async () => {
  const { ask } = aPage();
  expect((await ask('/api/session')).body.deployed).toEqual({
    ...{ where: 'stack x in eu-west-1', sign_in: 'cookie', looks_every_s: 30 },
    billing: { dollars_per_terabyte: 5, least_billed_bytes: 10_000_000, most_bytes: 1e11 },
  });
});

test('what is now is asked of the live table', async () => {
  const { ask, asked } = aPage();
  expect(await ask('/api/runs')).toEqual({ status: 200, body: [] });
  expect((await ask('/api/summary')).body).toMatchObject({ runs: null, open_runs: 0, data_dir: 's3://lake' });
  expect((await ask('/api/tables')).status).toBe(200);
  expect(asked).toEqual([]);
});

test('what many ask in a minute is one question, and who repeats it asks as of the same moment', async () => {
  const { ask, asked, clock } = aPage();
  const { body } = await ask('/api/questions/kpis');
  expect(body).toMatchObject({ rows: [[1]], as_of: '2025-11-03T12:00:00.000Z' });
  await ask('/api/questions/kpis');
  clock.pass(3_600_000);
  await ask('/api/questions/kpis', {}, { 'x-runledger-as-of': String(body.as_of) });
  expect(new Set(asked.map(({ sql, asOf }) => sql + asOf)).size).toBe(1);
  await ask('/api/questions/kpis');
  expect(asked[3]?.asOf).toBe('2025-11-03T13:00:00.000Z');
  for (const wrong of ['yesterday', '2025-11-04T12:00:00.000Z', '2025-11-01T12:00:00.000Z']) {
    const refused = await ask('/api/questions/kpis', {}, { 'x-runledger-as-of': wrong });
    expect([refused.status, refused.body.error]).toEqual([
      400,
      expect.objectContaining({ message: expect.stringContaining('of the last 24 hours') }),
    ]);
  }
});

test('a question that takes longer than a request may says how to ask again', async () => {
  const { ask } = aPage({ found: { state: 'under way', scanned_bytes: 5, elapsed_ms: 900 } });
  expect(await ask('/query', { method: 'POST', body: '{"sql":"select 1"}' })).toEqual({
    status: 202,
    body: {
      error: { code: 'under_way', message: expect.stringContaining('x-runledger-as-of: 2025-11-03T12:00:00.000Z') },
      under_way: { as_of: '2025-11-03T12:00:00.000Z', scanned_bytes: 5, elapsed_ms: 900 },
    },
  });
});

test('what a deployed ledger has not is told as that', async () => {
  const { ask } = aPage();
  for (const [method, path] of [
    ['GET', '/api/inspection'],
    ['POST', '/api/settle'],
    ['POST', '/api/rebuild'],
    ['GET', '/api/recovery/decisions'],
  ] as const) {
    const { status, body } = await ask(path, { method });
    expect([status, body.error]).toEqual([
      404,
      { code: 'not_found', message: expect.stringContaining(`cannot be asked ${method} ${path}`) },
    ]);
  }
});

test('who has no token is let in to nothing but the empty page', async () => {
  const { ask, asked } = aPage();
  for (const path of ['/api/runs', '/api/questions/kpis', '/query?sql=select+1', '/api/summary'])
    expect((await ask(path, {}, { authorization: '' })).status).toBe(401);
  expect((await ask('/api/session', {}, { authorization: '' })).body).toMatchObject({ caller: null });
  expect(asked).toEqual([]);
});
