import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { apiOf } from '../../../adapters/http/api.ts';
import { createApp } from '../../../adapters/http/app.ts';
import { remoteLedger, Unreachable } from '../../../adapters/http/client.ts';
import { answerLate } from '../../../adapters/http/late-answer.ts';
import { QueryRejectedError } from '../../../core/ports/answer-engine.ts';
import { OverloadedError } from '../../../core/ports/event-sink.ts';
import { aLedger, anAnswer, aReport, aRun, aStep, aSummary, type FakeLedger } from '../../cli/fakes.ts';
import { aPage, noChanges } from './fakes.ts';

const clock = { now: () => '2025-11-03T12:00:00.000Z' };

/** A ledger over HTTP, without a network: what the server answers goes straight to the client. */
function served(ledger: FakeLedger, token?: string) {
  const app = createApp(
    {
      sink: ledger,
      answers: { answer: (sql) => ledger.query(sql) },
      takePing: () => Promise.reject(new Error('no ping')),
      health: async () => ({}),
      page: aPage(),
      changes: noChanges,
    },
    { clock, allowedHosts: [], token, api: apiOf(ledger, clock) },
  );
  const fetch = async (input: string | URL | Request, init?: RequestInit) => app.fetch(new Request(input, init));
  return { app, over: (given?: string) => remoteLedger({ url: 'http://127.0.0.1:4319/', token: given }, fetch) };
}

test('everything that can be asked of a ledger can be asked over HTTP', async () => {
  const detail = { run: aRun({ run_id: 'a/b ü?#' }), steps: [aStep()] };
  const parked = { object: 'raw/a', size_bytes: 9, why: 'it is torn' };
  const ledger = aLedger({
    runs: async () => [aRun()],
    show: async () => [detail],
    query: async () => anAnswer(['n'], [1]),
    summary: async () => aSummary(),
    rebuild: async () => aReport(),
    parkedObjects: async () => [parked],
    retryObjects: async () => ({ retried: ['raw/b'], parked: [parked] }),
  });
  const remote = served(ledger).over();

  expect(await remote.runs({ process_name: 'daily orders', environment: 'prod', open: true, limit: 7 })).toEqual([
    aRun(),
  ]);
  expect(await remote.show({ run_id: 'a/b ü?#', process_name: 'x&y', environment: 'prod' })).toEqual([detail]);
  expect(await remote.query('select 1 as n')).toEqual(anAnswer(['n'], [1]));
  expect(await remote.summary()).toEqual(aSummary());
  expect(await remote.rebuild({ day: '2025-11-03', verify: true })).toEqual(aReport());
  await remote.dismiss({ keys: ['3f9a1c00000000000000000000000001'], reason: 'a test' });
  expect(await remote.parkedObjects()).toEqual([parked]);
  expect(await remote.retryObjects(['raw/a', 'raw/b'])).toEqual({ retried: ['raw/b'], parked: [parked] });
  expect(await remote.forgetObjects({ objects: ['raw/a'], reason: 'sent again' })).toEqual(['raw/a']);
  await remote.settle();
  expect(ledger.calls).toEqual([
    ['runs', { process_name: 'daily orders', environment: 'prod', open: true, limit: 7 }],
    ['show', { run_id: 'a/b ü?#', process_name: 'x&y', environment: 'prod' }],
    ['query', 'select 1 as n'],
    ['summary'],
    ['rebuild', { day: '2025-11-03', verify: true }],
    ['dismiss', { keys: ['3f9a1c00000000000000000000000001'], reason: 'a test' }],
    ['parkedObjects'],
    ['retryObjects', ['raw/a', 'raw/b']],
    ['forgetObjects', { objects: ['raw/a'], reason: 'sent again' }],
    ['settle'],
  ]);
});

test('records go over as the lines they hold, an array among them too', async () => {
  const ledger = aLedger();
  const counts = await served(ledger)
    .over()
    .send(['[1,\n', '{"a":1}', '{\n"b":2}\n'].map((each) => Buffer.from(each)));
  expect(ledger.sent()).toBe('[1,\n{"a":1}\n{\n"b":2}\n');
  expect(counts).toEqual({ received: 4, accepted: 4, rejected: 0 });
});

test('what a ledger refuses and that it is busy come over as what they are', async () => {
  const remote = served(
    aLedger({
      query: () => Promise.reject(new QueryRejectedError('there is no table nope')),
      send: () => Promise.reject(new OverloadedError('too much')),
    }),
  ).over();
  await expect(remote.query('select * from nope')).rejects.toEqual(new QueryRejectedError('there is no table nope'));
  await expect(remote.send([Buffer.from('{}\n')])).rejects.toThrow(OverloadedError);
});

test.each(['{"keys":["x"],"reason":"r"}', '{"keys":[],"reason":""}', '{"keys":[]}', '[]', 'x'])(
  'POST /api/rejections/dismiss of %s is refused',
  async (body) => {
    const ledger = aLedger();
    const response = await served(ledger).app.request('/api/rejections/dismiss', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(ledger.calls).toEqual([]);
  },
);

test('the reasons of rejected lines come along', async () => {
  const taken = {
    ...{ received: 1, accepted: 0, rejected: 1 },
    reasons: [{ line: 1, kind: 'not_json', explanation: 'expected JSON' }],
  };
  expect(
    await served(aLedger({ send: async () => taken }))
      .over()
      .send([Buffer.from('x')]),
  ).toEqual(taken);
});

test('why a rebuild failed is told', async () => {
  const remote = served(aLedger({ rebuild: () => Promise.reject(new Error('3 lines are missing under raw/')) })).over();
  await expect(remote.rebuild({ verify: false })).rejects.toThrow(
    'the ledger answered 500 internal: 3 lines are missing under raw/',
  );
});

test('without the token, nothing is answered, and it is said how to give it', async () => {
  const { over } = served(aLedger({ summary: async () => aSummary() }), 'secret');
  expect(await over('secret').summary()).toEqual(aSummary());
  await expect(over().summary()).rejects.toThrow(
    'expected "Authorization: Bearer" with a token of this server, but got no Authorization; send the token that the server was started with, or one that `runledger token create` made (--token, or RUNLEDGER_TOKEN)',
  );
});

test.each([
  ['/api/runs?limit=0', 'the query cannot be read: limit: '],
  ['/api/runs?limit=x', 'the query cannot be read: limit: '],
  ['/api/runs?opne=true', 'the query cannot be read: Unrecognized key: "opne"'],
  ['/api/runs/a?open=true', 'the query cannot be read: Unrecognized key: "open"'],
])('GET %s is refused with what is wrong', async (path, message) => {
  const response = await served(aLedger()).app.request(path);
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({ error: { code: 'bad_request', message: expect.stringContaining(message) } });
});

test.each(['{"day":"yesterday"}', '{"verify":"no"}', '{"verfy":true}', '[]', 'no json'])(
  'POST /api/rebuild of %s is refused',
  async (body) => {
    const ledger = aLedger();
    const response = await served(ledger).app.request('/api/rebuild', { method: 'POST', body });
    expect(response.status).toBe(400);
    expect(ledger.calls).toEqual([]);
  },
);

test('where nobody listens, it is said so and what to do', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:4319'), { code: 'ECONNREFUSED' });
  const remote = remoteLedger({ url: 'http://127.0.0.1:4319' }, () =>
    Promise.reject(new TypeError('fetch failed', { cause: refused })),
  );
  await expect(remote.summary()).rejects.toEqual(
    new Unreachable(
      'no ledger answers at http://127.0.0.1:4319 (connection refused); start one with `runledger serve`',
    ),
  );
});

test("an answer that is no ledger's is said to be so", async () => {
  const remote = remoteLedger({ url: 'http://127.0.0.1:80' }, async () => new Response('<html>hello', { status: 200 }));
  await expect(remote.summary()).rejects.toThrow(
    'expected http://127.0.0.1:80/api/summary to answer as a ledger does, but got status 200 and "<html>hello"; check the address, and that both sides are of one version',
  );
});

test('an answer that takes long shows signs of life, and its end is told however late', async () => {
  let finish: (value: unknown) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const app = new Hono()
    .get('/well', (c) => answerLate(c, () => new Promise((resolve) => (finish = resolve)), 1))
    .get('/badly', (c) => answerLate(c, () => new Promise((_, reject) => (fail = reject)), 1));

  const well = await app.request('/well');
  finish({ done: true });
  const text = await well.text();
  expect(text).toMatch(/^\n+\{/);
  expect(JSON.parse(text)).toEqual({ done: true });

  const badly = await app.request('/badly');
  fail(new Error('no space left'));
  expect(await badly.json()).toEqual({ error: { code: 'internal', message: 'no space left' } });
});
