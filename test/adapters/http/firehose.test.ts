import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OverloadedError } from '../../../core/ports/event-sink.ts';
import { anApp, base64, firehoseCall, recordingSink } from './fakes.ts';

const KIB = 1024;
const stream = { DeliveryStreamName: 'events' };
const recordOf = (content: string | Uint8Array) => ({ Data: base64(content) });
const recordsOf = (count: number, sizeBytes: number) =>
  Array.from({ length: count }, () => recordOf(Buffer.alloc(sizeBytes, 'x')));

interface Output {
  readonly __type?: string;
  readonly message?: string;
  readonly RequestResponses?: { readonly RecordId: string }[];
  readonly DeliveryStreamDescription?: object;
}

async function call(app: ReturnType<typeof anApp>['app'], operation: string, input: unknown, headers = {}) {
  const response = await app.request('/', firehoseCall(operation, input, headers));
  return { status: response.status, headers: response.headers, output: (await response.json()) as Output };
}

test('a text is taken as base64 when it is what encoding its bytes gives, and refused when it is not', async () => {
  const letter = fc.constantFrom('A', 'Q', 'z', '0', '+', '/', '=', '-', '_', ' ', 'é');
  const text = fc.oneof(fc.uint8Array({ maxLength: 12 }).map(base64), fc.string({ unit: letter, maxLength: 12 }));
  await fc.assert(
    fc.asyncProperty(text, async (data) => {
      const { status } = await call(anApp().app, 'PutRecord', { ...stream, Record: { Data: data } });
      expect(status).toBe(base64(Buffer.from(data, 'base64')) === data ? 200 : 400);
    }),
  );
});

test('a record reaches the sink as the bytes that were put', async () => {
  const { app, sink } = anApp();
  const { status, headers, output } = await call(app, 'PutRecord', { ...stream, Record: recordOf('{"a":"ü"}\n') });
  expect(sink.sent).toEqual([['{"a":"ü"}\n']]);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/x-amz-json-1.1');
  expect(output).toEqual({ RecordId: `${headers.get('x-amzn-requestid')}.0`, Encrypted: false });
});

test('a batch is sent as one and every record gets an id of its own, in order', async () => {
  const { app, sink } = anApp();
  const Records = [recordOf('one'), recordOf(''), recordOf('two')];
  const { output } = await call(app, 'PutRecordBatch', { ...stream, Records });
  expect(sink.sent).toEqual([['one', '', 'two']]);
  expect(output).toMatchObject({ FailedPutCount: 0, Encrypted: false });
  expect(new Set(output.RequestResponses?.map((each) => each.RecordId)).size).toBe(3);
});

test('nothing is answered before the sink has everything on disk', async () => {
  const landing = Promise.withResolvers<{ received: number; accepted: number; rejected: number }>();
  const order: string[] = [];
  const { app } = anApp({ ports: { sink: { send: () => landing.promise } } });
  const answered = call(app, 'PutRecord', { ...stream, Record: recordOf('x') }).then(() => order.push('answered'));
  await new Promise((resolve) => setImmediate(resolve));
  order.push('landed');
  landing.resolve({ received: 1, accepted: 1, rejected: 0 });
  await answered;
  expect(order).toEqual(['landed', 'answered']);
});

test.each([
  ['500 records', recordsOf(500, 10)],
  ['4 MiB in all', recordsOf(8, 512 * KIB)],
  ['a record of 1,000 KiB', recordsOf(1, 1000 * KIB)],
])('%s are taken', async (_, Records) => {
  const { app, sink } = anApp();
  expect((await call(app, 'PutRecordBatch', { ...stream, Records })).status).toBe(200);
  expect(sink.sent[0]?.length).toBe(Records.length);
});

test.each([
  [
    '501 records',
    { ...stream, Records: recordsOf(501, 1) },
    'ValidationException',
    "1 validation error detected: Value '[501 records]' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
  ],
  [
    'no record',
    { ...stream, Records: [] },
    'ValidationException',
    "1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    'a record of 1,000 KiB and a byte',
    { ...stream, Records: [recordOf('x'), ...recordsOf(1, 1000 * KIB + 1)] },
    'ValidationException',
    "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1024000",
  ],
  [
    '4 MiB and a byte',
    { ...stream, Records: [...recordsOf(8, 512 * KIB), recordOf('x')] },
    'InvalidArgumentException',
    'Records size exceeds 4 MB limit',
  ],
  [
    'no name and a record without data',
    { Records: [{}] },
    'ValidationException',
    "2 validation errors detected: Value null at 'deliveryStreamName' failed to satisfy constraint: Member must not be null; Value null at 'records.1.member.data' failed to satisfy constraint: Member must not be null",
  ],
  [
    'a name with a blank',
    { DeliveryStreamName: 'my events', Records: [recordOf('x')] },
    'ValidationException',
    "1 validation error detected: Value 'my events' at 'deliveryStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  ],
  [
    'base64 without its padding',
    { ...stream, Records: [{ Data: 'aGk' }] },
    'SerializationException',
    'records.1.member.data can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 3',
  ],
  [
    'two base64 texts in one',
    { ...stream, Records: [{ Data: 'aGkhIQ==aGkhIQ==' }] },
    'SerializationException',
    'records.1.member.data can not be converted to a Blob: expected the characters A-Z a-z 0-9 + / and = at the end',
  ],
  [
    'plain text for base64',
    { ...stream, Records: [{ Data: '{"a": 1}' }] },
    'SerializationException',
    'records.1.member.data can not be converted to a Blob: expected the characters A-Z a-z 0-9 + / and = at the end',
  ],
  [
    'a number for base64',
    { ...stream, Records: [{ Data: 5 }] },
    'SerializationException',
    'records.1.member.data: only base64-encoded strings are convertible to bytes',
  ],
  ['records that are no list', { ...stream, Records: {} }, 'SerializationException', 'Records: expected a list'],
  [
    'a record that is no object',
    { ...stream, Records: ['aGk='] },
    'SerializationException',
    'records.1.member: expected a JSON object, but got string',
  ],
  ['a list', [], 'SerializationException', 'the input: expected a JSON object, but got a list'],
])('%s is refused whole, in the words of AWS', async (_, input, type, message) => {
  const { app, sink } = anApp();
  const { status, headers, output } = await call(app, 'PutRecordBatch', input);
  expect(output).toEqual({ __type: type, message });
  expect([status, headers.get('x-amzn-errortype')]).toEqual([400, type]);
  expect(headers.get('x-amzn-requestid')).toMatch(/^[\da-f-]{36}$/);
  expect(sink.sent).toEqual([]);
});

test('a body that is not JSON, or not gzip though it says so, is a SerializationException', async () => {
  const { app } = anApp();
  const cut = await call(app, 'PutRecord', '{"DeliveryStreamName":');
  expect(cut).toMatchObject({ status: 400, output: { __type: 'SerializationException' } });
  expect(cut.output.message).toMatch(/^expected a JSON object, but got a body that is not JSON \(/);
  const plain = await call(app, 'PutRecord', '{}', { 'content-encoding': 'gzip' });
  expect(plain).toMatchObject({ status: 400, output: { __type: 'SerializationException' } });
});

test('a gzip body is taken, and a gzip bomb is not inflated', async () => {
  const { app, sink } = anApp();
  const zipped = (body: string | Uint8Array) => ({
    ...firehoseCall('PutRecord', '', { 'content-encoding': 'gzip' }),
    body: new Uint8Array(gzipSync(body)),
  });
  const good = await app.request('/', zipped(JSON.stringify({ ...stream, Record: recordOf('hello') })));
  expect([good.status, sink.sent]).toEqual([200, [['hello']]]);

  const bomb = await app.request('/', zipped(Buffer.alloc(64 * KIB * KIB, ' ')));
  expect(bomb.status).toBe(400);
  expect(await bomb.json()).toEqual({
    __type: 'InvalidArgumentException',
    message: 'Records size exceeds 4 MB limit',
  });
});

test('a body beyond any call is refused unread', async () => {
  const { app, sink } = anApp();
  let pulled = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled++;
      controller.enqueue(new Uint8Array(KIB * KIB).fill(0x20));
    },
  });
  const request = new Request('http://localhost/', { ...firehoseCall('PutRecordBatch', ''), body, duplex: 'half' });
  const response = await app.request(request);
  expect(await response.json()).toMatchObject({ message: 'Records size exceeds 4 MB limit' });
  expect(pulled).toBeLessThan(10);
  expect(sink.sent).toEqual([]);
});

test('while the sink is busy producers are told to slow down, and try again', async () => {
  const { app } = anApp({ ports: { sink: recordingSink(new OverloadedError('full')) } });
  const { status, headers, output } = await call(app, 'PutRecord', { ...stream, Record: recordOf('x') });
  expect([status, output]).toEqual([503, { __type: 'ServiceUnavailableException', message: 'Slow down.' }]);
  expect(headers.get('retry-after')).toBe('1');
});

test('a sink that fails is our failure: a 503 that says nothing of the inside, told to who runs the ledger', async () => {
  const failures: unknown[] = [];
  const full = new Error('ENOSPC: /home/ada/secret');
  const { app } = anApp({
    ports: { sink: recordingSink(full) },
    onFailure: (error, request) => failures.push([error, request]),
  });
  const { status, output } = await call(app, 'PutRecordBatch', { ...stream, Records: [recordOf('x')] });
  expect(status).toBe(503);
  expect(output).toEqual({
    __type: 'ServiceUnavailableException',
    message: 'The records could not be stored; send them again.',
  });
  expect(failures).toEqual([[full, 'POST /']]);
});

test('any stream is there unless some are named', async () => {
  const { app } = anApp();
  const { output } = await call(app, 'DescribeDeliveryStream', { DeliveryStreamName: 'anything' });
  expect(output.DeliveryStreamDescription).toMatchObject({
    DeliveryStreamName: 'anything',
    DeliveryStreamARN: 'arn:aws:firehose:local:000000000000:deliverystream/anything',
    DeliveryStreamStatus: 'ACTIVE',
  });
  expect((await call(app, 'ListDeliveryStreams', {})).output).toEqual({
    DeliveryStreamNames: ['runledger'],
    HasMoreDeliveryStreams: false,
  });
});

test('named streams are listed by page, and others are not found', async () => {
  const { app, sink } = anApp({ streams: ['b', 'a', 'c'] });
  expect((await call(app, 'ListDeliveryStreams', { Limit: 2 })).output).toEqual({
    DeliveryStreamNames: ['a', 'b'],
    HasMoreDeliveryStreams: true,
  });
  const rest = await call(app, 'ListDeliveryStreams', { ExclusiveStartDeliveryStreamName: 'b' });
  expect(rest.output).toEqual({ DeliveryStreamNames: ['c'], HasMoreDeliveryStreams: false });

  const { status, output } = await call(app, 'PutRecord', { DeliveryStreamName: 'd', Record: recordOf('x') });
  expect([status, output]).toEqual([
    400,
    { __type: 'ResourceNotFoundException', message: 'Firehose d under account 000000000000 not found.' },
  ]);
  expect(sink.sent).toEqual([]);
});

test.each([
  ['another operation', 'Firehose_20150804.CreateDeliveryStream'],
  ['another service', 'Kinesis_20131202.PutRecords'],
  ['a name every object has', 'Firehose_20150804.constructor'],
])('%s is an UnknownOperationException that says what there is', async (_, target) => {
  const { app } = anApp();
  const response = await app.request('/', firehoseCall('', {}, { 'x-amz-target': target }));
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    __type: 'UnknownOperationException',
    message: `expected X-Amz-Target Firehose_20150804 with one of PutRecord, PutRecordBatch, DescribeDeliveryStream, ListDeliveryStreams, but got ${target}; plain NDJSON goes to POST /events`,
  });
});
