import { describe, expect, test } from 'vitest';
import { httpTransport, TransportError } from '../src/index.ts';
import { aRuntime, START_MS } from './a-runtime.ts';
import { aServer } from './a-server.ts';

const TIMEOUT_MS = 9_000;
/** Pauses between tries pass at once and are kept in `delays`; the timeout of a try waits for `advance`. */
const aHastyRuntime = () => aRuntime({ firesAtOnce: (delayMs) => delayMs !== TIMEOUT_MS });
const RECORDS = [Buffer.from('{"a":1}\n{"a":2}\n'), Buffer.from('{"a":3}\n')];
const OK = { status: 200, body: '{"received":3,"accepted":2,"rejected":1}' };
const never = new AbortController().signal;
const failureOf = async (sending: Promise<unknown>): Promise<TransportError> => {
  const error = await sending.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(TransportError);
  return error as TransportError;
};

describe('the HTTP transport', () => {
  test('posts the records as NDJSON with its token, and reads how many were rejected', async () => {
    await using server = await aServer(() => OK);
    const transport = httpTransport({ url: `${server.url}/`, token: 't0k3n' });

    const receipt = await transport.send(RECORDS, never);

    expect(receipt).toEqual({ rejected: 1 });
    expect(server.received).toMatchObject([
      {
        method: 'POST',
        path: '/events',
        body: '{"a":1}\n{"a":2}\n{"a":3}\n',
        headers: { 'content-type': 'application/x-ndjson', authorization: 'Bearer t0k3n' },
      },
    ]);
  });

  test('takes 422 with counts for an answer: the ledger has the events, as rejections', async () => {
    const all = { status: 422, body: '{"received":3,"accepted":0,"rejected":3,"reasons":[]}' };
    await using server = await aServer(() => all);

    expect(await httpTransport({ url: server.url }).send(RECORDS, never)).toEqual({ rejected: 3 });
  });

  test('keeps the path of its address', async () => {
    await using server = await aServer(() => ({ status: 204 }));

    const receipt = await httpTransport({ url: `${server.url}/ledger/v1//` }).send(RECORDS, never);

    expect(server.received[0]?.path).toBe('/ledger/v1/events');
    expect(receipt).toEqual({});
  });

  test.each([408, 429, 500, 502, 503])('tries again after %i, with backoff and jitter', async (status) => {
    await using server = await aServer((_, count) => (count <= 2 ? { status } : OK));
    const runtime = aHastyRuntime();

    await httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, runtime).send(RECORDS, never);

    expect(server.received).toHaveLength(3);
    expect(runtime.delays.filter((delayMs) => delayMs !== TIMEOUT_MS)).toEqual([100, 200]);
  });

  test('tries again after a connection that was closed, and after one that was refused', async () => {
    const runtime = aHastyRuntime();
    await using server = await aServer((_, count) => (count === 1 ? 'close' : OK));
    const { url } = server;

    await httpTransport({ url, timeout_ms: TIMEOUT_MS }, runtime).send(RECORDS, never);
    await server[Symbol.asyncDispose]();
    const error = await failureOf(httpTransport({ url, timeout_ms: TIMEOUT_MS }, runtime).send(RECORDS, never));

    expect(server.received).toHaveLength(2);
    expect(error).toMatchObject({ retryable: true, message: expect.stringContaining('ECONNREFUSED') });
  });

  test('gives up a try that hangs, and tries again', async () => {
    await using server = await aServer((_, count) => (count === 1 ? 'hang' : OK));
    const runtime = aHastyRuntime();
    const sending = httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, runtime).send(RECORDS, never);
    await server.receives(1);

    runtime.advance(TIMEOUT_MS);
    await sending;

    expect(server.received).toHaveLength(2);
  });

  test('stops after its tries, and says that it may be tried later', async () => {
    await using server = await aServer(() => ({ status: 503, body: 'starting' }));

    const error = await failureOf(
      httpTransport({ url: server.url, tries: 3, timeout_ms: TIMEOUT_MS }, aHastyRuntime()).send(RECORDS, never),
    );

    expect(server.received).toHaveLength(3);
    expect(error).toMatchObject({
      retryable: true,
      message: `Expected POST ${server.url}/events to answer 200, got 503: starting`,
    });
  });

  test.each([
    ['a page of HTML', { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>Log in</p>' }],
    ['a page of HTML', { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' }],
    ['a redirection to /login', { status: 302, headers: { location: '/login' } }],
  ] as const)('takes %s for no answer of a ledger, and keeps the events', async (what, answer) => {
    await using server = await aServer(() => answer);

    const error = await failureOf(
      httpTransport({ url: server.url, tries: 1, token: 't0k3n', timeout_ms: TIMEOUT_MS }, aHastyRuntime()).send(
        RECORDS,
        never,
      ),
    );

    expect(server.received.map(({ path }) => path)).toEqual(['/events']);
    expect(error).toMatchObject({
      retryable: true,
      message: `Expected POST ${server.url}/events to answer 200, got ${answer.status}: ${what}`,
    });
  });

  test('sends what is too large in halves, and gives up an event only when it is too large alone', async () => {
    await using server = await aServer(({ body }) =>
      body.length > 20 ? { status: 413 } : { status: 200, body: '{}' },
    );
    const lines = ['{"a":1}', '{"a":2}', `{"a":"${'x'.repeat(50)}"}`, '{"a":4}', '{"a":5}'];

    const receipt = await httpTransport({ url: server.url }).send([Buffer.from(`${lines.join('\n')}\n`)], never);

    const taken = server.received
      .filter(({ body }) => body.length <= 20)
      .flatMap(({ body }) => body.trim().split('\n'));
    expect(receipt).toEqual({ rejected: 1 });
    expect(taken).toEqual(lines.filter((line) => line.length < 20));
  });

  test.each([400, 404, 422])('takes %i for final', async (status) => {
    await using server = await aServer(() => ({ status, body: 'no: bob@example.com' }));

    const error = await failureOf(
      httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, aHastyRuntime()).send(RECORDS, never),
    );

    expect(server.received).toHaveLength(1);
    expect(error).toMatchObject({
      retryable: false,
      message: expect.stringMatching(new RegExp(`got ${status}: no: \\[email\\]$`)),
    });
  });

  test.each([
    ['2', 2_000],
    [new Date(START_MS + 3_000).toUTCString(), 3_000],
    ['nonsense', 100],
  ])('obeys Retry-After: %s', async (header, waitMs) => {
    await using server = await aServer((_, count) =>
      count === 1 ? { status: 429, headers: { 'retry-after': header } } : OK,
    );
    const runtime = aHastyRuntime();

    await httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, runtime).send(RECORDS, never);

    expect(runtime.delays.filter((delayMs) => delayMs !== TIMEOUT_MS)).toEqual([waitMs]);
  });

  test('hands a long Retry-After on instead of waiting', async () => {
    await using server = await aServer(() => ({ status: 503, headers: { 'retry-after': '120' } }));

    const error = await failureOf(
      httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, aHastyRuntime()).send(RECORDS, never),
    );

    expect(server.received).toHaveLength(1);
    expect(error).toMatchObject({ retryable: true, retry_after_ms: 120_000 });
  });

  test('ends as soon as nobody waits any more', async () => {
    await using server = await aServer(() => 'hang');
    const waiting = new AbortController();
    const sending = httpTransport({ url: server.url, timeout_ms: TIMEOUT_MS }, aHastyRuntime()).send(
      RECORDS,
      waiting.signal,
    );
    await server.receives(1);

    waiting.abort();

    expect(await failureOf(sending)).toMatchObject({ retryable: true });
    expect(server.received).toHaveLength(1);
  });

  test('uses the fetch it is given', async () => {
    const asked: unknown[] = [];
    const transport = httpTransport({
      url: 'https://ledger.example',
      fetch: async (input) => {
        asked.push(input);
        return new Response('{}');
      },
    });

    await transport.send(RECORDS, never);

    expect(asked).toEqual(['https://ledger.example/events']);
  });

  test('names a wrong option', () => {
    expect(() => httpTransport({ url: 'http://h', timeout_ms: 0 })).toThrow(/^`timeout_ms`: expected a number/);
    expect(() => httpTransport({ url: 'http://h', tries: 0 })).toThrow('`tries`: expected a positive integer, got 0');
  });
});
