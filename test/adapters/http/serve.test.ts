import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { type Serving, serve } from '../../../adapters/http/serve.ts';
import type { EventSink, IngestCounts } from '../../../core/ports/event-sink.ts';
import { anApp, errorOf } from './fakes.ts';

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.close({ timeoutMs: 0 });
});

async function aServer(options: Parameters<typeof anApp>[0] = {}) {
  const { app, sink } = anApp(options);
  const serving = await serve(app, { host: '127.0.0.1', port: 0 });
  open.push(serving);
  return { serving, sink };
}

/** A sink that says when it was called and waits until it is told to go on. */
function aWaitingSink() {
  const called = Promise.withResolvers<void>();
  const landed = Promise.withResolvers<IngestCounts>();
  const sink: EventSink = {
    send() {
      called.resolve();
      return landed.promise;
    },
  };
  return { sink, called: called.promise, land: () => landed.resolve({ received: 1, accepted: 1, rejected: 0 }) };
}

async function answerTo(serving: Serving, bytes: string): Promise<string> {
  const socket = connect(serving.port, '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

test('a server says where it is and answers there', async () => {
  const { serving } = await aServer();
  expect(serving.url).toBe(`http://127.0.0.1:${serving.port}`);
  expect(await (await fetch(`${serving.url}/health`)).json()).toEqual({ status: 'ok', runs: 3 });
});

test('a taken port is named, with what to do', async () => {
  const { serving } = await aServer();
  await expect(serve(anApp().app, { host: '127.0.0.1', port: serving.port })).rejects.toThrow(
    `port ${serving.port} on 127.0.0.1 is taken by another program; use --port with another number, or 0 for any free one`,
  );
});

test('an address of another machine is named', async () => {
  const elsewhere = serve(anApp().app, { host: '192.0.2.1', port: 0, needsToken: true });
  await expect(elsewhere).rejects.toThrow('192.0.2.1 is no address of this machine; use --host 127.0.0.1');
});

test.each(['0.0.0.0', '::', '192.168.1.5', 'ledger.lan'])('%s is not listened on without a token', async (host) => {
  await expect(serve(anApp().app, { host, port: 0 })).rejects.toThrow(
    `expected a token for ${host}, which other machines can reach, but there is none; create one with \`runledger token create\`, or use --token, or --host 127.0.0.1`,
  );
});

test('with a token all addresses are listened on', async () => {
  const serving = await serve(anApp({ token: 't' }).app, { host: '0.0.0.0', port: 0, needsToken: true });
  open.push(serving);
  expect((await fetch(`${serving.url}/health`)).status).toBe(401);
  expect((await fetch(`${serving.url}/health`, { headers: { authorization: 'Bearer t' } })).status).toBe(200);
});

test.each([
  ['with a length', 'content-length: 20\r\n\r\n{"n":1}\n{"n'],
  ['in chunks', 'transfer-encoding: chunked\r\n\r\n8\r\n{"n":1}\n\r\n8\r\n{"n'],
])('a body %s that stops half way is not taken, and the server goes on', async (_, rest) => {
  const { serving, sink } = await aServer();
  const answer = await answerTo(serving, `POST /events HTTP/1.1\r\nhost: localhost\r\n${rest}`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer).toContain('expected a whole request, but it stopped half way; nothing was taken, send it again');
  const whole = await fetch(`${serving.url}/events`, { method: 'POST', body: '{"n":2}' });
  expect([whole.status, sink.sent]).toEqual([200, [['{"n":2}']]]);
});

test('a body that is far too long is answered although it is not read', async () => {
  const { serving, sink } = await aServer();
  const answer = await fetch(`${serving.url}/events`, { method: 'POST', body: 'x'.repeat(20_000_000) });
  expect([answer.status, (await errorOf(answer)).code]).toEqual([413, 'too_large']);
  expect(sink.sent).toEqual([]);
});

test.each([
  ['no HTTP', 'hello\r\n\r\n', 400, 'expected an HTTP/1.1 request, but got something else'],
  [
    'headers without end',
    `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'at most 16 KiB',
  ],
  ['no Host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'do not make a URL'],
  ['a Host that is none', 'GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400, 'do not make a URL'],
  ['two Hosts', 'GET / HTTP/1.1\r\nhost: localhost\r\nhost: evil.example\r\nconnection: close\r\n\r\n', 4, ''],
  ['no Host and no HTTP/1.1', 'GET / HTTP/1.0\r\n\r\n', 400, 'do not make a URL'],
  ['a foreign Host', 'GET / HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\n\r\n', 403, 'evil.example'],
  ['a foreign Host in the request line', 'GET http://evil.example/ HTTP/1.0\r\n\r\n', 403, 'evil.example'],
])('%s on the wire is refused with a reason', async (_, bytes, status, reason) => {
  const { serving } = await aServer();
  const answer = await answerTo(serving, bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
  expect(answer).toContain(reason);
  expect(answer).not.toMatch(/\n\s+at |\.ts:/);
});

test('closing waits for what is under way, takes nothing new, and leaves no connection behind', async () => {
  const { sink, called, land } = aWaitingSink();
  const { serving } = await aServer({ ports: { sink } });
  const idle = connect(serving.port, '127.0.0.1');
  await once(idle, 'connect');
  const underWay = fetch(`${serving.url}/events`, { method: 'POST', body: '{}' });
  await called;

  const closing = serving.close({ timeoutMs: 30_000 });
  await once(idle.resume(), 'close');
  const refused = connect(serving.port, '127.0.0.1');
  const refusal = await new Promise((resolve) => refused.once('error', resolve));
  expect(refusal).toMatchObject({ code: 'ECONNREFUSED' });

  land();
  expect((await underWay).status).toBe(200);
  await closing;
});

test('closing cuts what does not finish in time', async () => {
  const { sink, called } = aWaitingSink();
  const { serving } = await aServer({ ports: { sink } });
  const underWay = fetch(`${serving.url}/events`, { method: 'POST', body: '{}' }).catch((error: Error) => error.name);
  await called;
  await serving.close({ timeoutMs: 0 });
  expect(await underWay).toBe('TypeError');
});

test('closing twice is closing once', async () => {
  const { serving } = await aServer();
  await Promise.all([serving.close({ timeoutMs: 0 }), serving.close({ timeoutMs: 0 })]);
  await serving.close({ timeoutMs: 0 });
});
