import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type EventSink, OverloadedError } from '../../../core/ports/event-sink.ts';
import { anApp, errorOf, recordingSink } from './fakes.ts';

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
});
const MIB = 1024 * 1024;

test('NDJSON goes to the sink byte for byte, and the counts come back', async () => {
  const { app, sink } = anApp();
  const response = await app.request('/events', post('{"n":1.0}\r\n\n{"n": 2}\n'));
  expect(sink.sent).toEqual([['{"n":1.0}\r\n\n{"n": 2}\n']]);
  expect(response.status).toBe(200);
  expect(Object.keys((await response.json()) as object)).toEqual(['received', 'accepted', 'rejected']);
});

test('an array of events is a line each, with every event as it came', async () => {
  const { app, sink } = anApp();
  const body = ' [\n {"a": "x, ]} \\" \\\\", "n": 12345678901234567890,\n  "l": [1,\t{}]} ,{"b":"ü\\n"},\r\n{}\n]\n';
  const response = await app.request('/events', post(body));
  expect(sink.sent).toEqual([['{"a": "x, ]} \\" \\\\", "n": 12345678901234567890,  "l": [1,{}]}\n{"b":"ü\\n"}\n{}\n']]);
  expect(await response.json()).toEqual({ received: 3, accepted: 3, rejected: 0 });
});

test('one event over several lines is one event', async () => {
  const { app, sink } = anApp();
  await app.request('/events', post('{\n  "a": {\n    "b": [1, 2]\n  }\n}\n'));
  expect(sink.sent).toEqual([['{  "a": {    "b": [1, 2]  }}\n']]);
});

test('lines that are not JSON are left to the ledger, which keeps them as rejections', async () => {
  const { app, sink } = anApp();
  await app.request('/events', post('{"a":\n{"b":1}\nhello'));
  expect(sink.sent).toEqual([['{"a":\n{"b":1}\nhello']]);
});

test('an array of no events is nothing to send', async () => {
  const { app, sink } = anApp();
  const response = await app.request('/events', post('[ ]'));
  expect(await response.json()).toEqual({ received: 0, accepted: 0, rejected: 0 });
  expect(sink.sent).toEqual([]);
});

test.each([
  ['with its header', { 'content-encoding': 'gzip' }],
  ['without saying so', {}],
])('a gzip body %s is inflated', async (_, headers) => {
  const { app, sink } = anApp();
  await app.request('/events', post(new Uint8Array(gzipSync('{"n":1}\n')), headers));
  expect(sink.sent).toEqual([['{"n":1}\n']]);
});

test('gzip within gzip is inflated twice', async () => {
  const { app, sink } = anApp();
  await app.request('/events', post(new Uint8Array(gzipSync(gzipSync('{"n":1}\n'))), { 'content-encoding': 'gzip' }));
  expect(sink.sent).toEqual([['{"n":1}\n']]);
});

/** Rejects every line that is no object, and says why. */
const choosySink: EventSink = {
  send: async (records) => {
    const lines = Buffer.concat([...records])
      .toString()
      .trim()
      .split('\n');
    const rejected = lines.flatMap((text, at) => (text.startsWith('{') ? [] : [at + 1]));
    return {
      received: lines.length,
      accepted: lines.length - rejected.length,
      rejected: rejected.length,
      reasons: rejected.map((line) => ({ line, kind: 'not_json', explanation: 'expected JSON' })),
    };
  },
};

test.each([
  ['some lines are rejected', '{}\nx', '/events', 200, 1],
  ['all are rejected', 'x\ny', '/events', 422, 2],
  ['all are rejected, and that will do', 'x\ny', '/events?partial', 200, 2],
])('when %s, the answer says why', async (_, body, path, status, rejected) => {
  const { app } = anApp({ ports: { sink: choosySink } });
  const response = await app.request(path, post(body));
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({
    received: 2,
    rejected,
    reasons: expect.arrayContaining([{ line: 2, kind: 'not_json', explanation: 'expected JSON' }]),
  });
});

test('any content type will do', async () => {
  const { app, sink } = anApp();
  await app.request('/events', post('{"n":1}', { 'content-type': 'application/x-www-form-urlencoded' }));
  expect(sink.sent).toEqual([['{"n":1}']]);
});

test('8 MiB are taken', async () => {
  const { app, sink } = anApp();
  expect((await app.request('/events', post('x'.repeat(8 * MIB)))).status).toBe(200);
  expect(sink.sent[0]?.[0]?.length).toBe(8 * MIB);
});

test.each([
  [
    'more than 8 MiB',
    post('x'.repeat(8 * MIB + 1)),
    413,
    'too_large',
    'expected a body of at most 8 MiB, but got more; send it in smaller parts',
  ],
  [
    'a length of more than 8 MiB',
    post('x', { 'content-length': '9000000' }),
    413,
    'too_large',
    'expected a body of at most 8 MiB, but got 9000000 bytes; send it in smaller parts',
  ],
  [
    'a gzip bomb',
    post(new Uint8Array(gzipSync(Buffer.alloc(100 * MIB))), { 'content-encoding': 'gzip' }),
    413,
    'too_large',
    'expected a body of at most 8 MiB, but got more once it was gunzipped; send it in smaller parts',
  ],
  [
    'half of a gzip',
    post(new Uint8Array(gzipSync('{"n":1}'.repeat(100)).subarray(0, 20)), { 'content-encoding': 'gzip' }),
    400,
    'damaged_body',
    'expected a gzip body, but it cannot be gunzipped (unexpected end of file); send it again',
  ],
  [
    'brotli',
    post('x', { 'content-encoding': 'br' }),
    415,
    'unsupported_encoding',
    'expected a body that is plain or gzip, but got Content-Encoding br; send it as gzip',
  ],
  [
    'nothing',
    post(' \r\n'),
    400,
    'empty_body',
    'expected NDJSON, a JSON array of events or one event, but the body is empty',
  ],
  [
    'an array that breaks off',
    post('[{"n":1},{"n":2'),
    400,
    'bad_request',
    'expected NDJSON, a JSON array of events or one event, but got JSON that breaks off before its last bracket; nothing was taken, send the whole of it',
  ],
  [
    'a zip archive',
    post('PK\u0003\u0004'),
    415,
    'unsupported_encoding',
    'expected NDJSON, a JSON array of events or one event, but got a zip archive; send it as plain text or gzip',
  ],
])('%s is refused with a reason, and nothing is taken', async (_, request, status, code, message) => {
  const { app, sink } = anApp();
  const response = await app.request('/events', request);
  expect(await response.json()).toEqual({ error: { code, message } });
  expect(response.status).toBe(status);
  expect(sink.sent).toEqual([]);
});

test('a body that breaks off is not taken, not even the lines that were whole', async () => {
  const { app, sink } = anApp();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(Buffer.from('{"n":1}\n'));
      controller.error(new Error('aborted'));
    },
  });
  const request = new Request('http://localhost/events', { method: 'POST', body, duplex: 'half' });
  const response = await app.request(request);
  expect([response.status, (await errorOf(response)).code]).toEqual([400, 'incomplete_body']);
  expect(sink.sent).toEqual([]);
});

test('while the sink is busy the caller is told when to come again', async () => {
  const { app } = anApp({ ports: { sink: recordingSink(new OverloadedError('full')) } });
  const response = await app.request('/events', post('{}'));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await response.json()).toEqual({
    error: {
      code: 'busy',
      message: 'too much is under way and nothing was taken; wait a second and send it again',
    },
  });
});

test('a failure of the ledger says nothing of its inside to callers, and everything to who runs it', async () => {
  const failures: unknown[] = [];
  const full = new Error('ENOSPC: /home/ada/secret');
  const { app } = anApp({ ports: { sink: recordingSink(full) }, onFailure: (error) => failures.push(error) });
  const response = await app.request('/events', post('{}'));
  const text = await response.text();
  expect([response.status, failures]).toEqual([500, [full]]);
  expect(text).not.toMatch(/ENOSPC|secret|\.ts/);
});
