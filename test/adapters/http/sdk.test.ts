import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  type FirehoseClientConfig,
  ListDeliveryStreamsCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
} from '@aws-sdk/client-firehose';
import { afterEach, expect, test } from 'vitest';
import { type Serving, serve } from '../../../adapters/http/serve.ts';
import { type EventSink, OverloadedError } from '../../../core/ports/event-sink.ts';
import { anApp, recordingSink } from './fakes.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

/** The unmodified AWS SDK, and a server it reaches over a real connection. */
async function anSdk(options: Parameters<typeof anApp>[0] = {}, config: FirehoseClientConfig = {}) {
  const { app, sink } = anApp(options);
  const serving: Serving = await serve(app, { host: '127.0.0.1', port: 0 });
  const client = new FirehoseClient({
    endpoint: serving.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...config,
  });
  open.push({ close: () => serving.close({ timeoutMs: 0 }) }, { close: () => client.destroy() });
  return { client, sink };
}

const STREAM = { DeliveryStreamName: 'events' };
const records = (count: number, sizeBytes: number) =>
  Array.from({ length: count }, () => ({ Data: Buffer.alloc(sizeBytes, 'x') }));

test('a record put by the AWS SDK arrives as its bytes', async () => {
  const { client, sink } = await anSdk();
  const output = await client.send(new PutRecordCommand({ ...STREAM, Record: { Data: Buffer.from('{"a":"ü"}\n') } }));
  expect(sink.sent).toEqual([['{"a":"ü"}\n']]);
  expect(output.RecordId).toBe(`${output.$metadata.requestId}.0`);
});

test('a full batch put by the AWS SDK arrives whole and in order', async () => {
  const { client, sink } = await anSdk();
  const Records = Array.from({ length: 500 }, (_, index) => ({ Data: Buffer.from(`${index}`.padEnd(8 * 1024)) }));
  const output = await client.send(new PutRecordBatchCommand({ ...STREAM, Records }));
  expect([output.FailedPutCount, output.RequestResponses?.length]).toEqual([0, 500]);
  expect(sink.sent[0]?.map(Number)).toEqual(Array.from({ length: 500 }, (_, index) => index));
});

test('streams described and listed by the AWS SDK are there and active', async () => {
  const { client } = await anSdk({ streams: ['events'] });
  const { DeliveryStreamDescription } = await client.send(new DescribeDeliveryStreamCommand(STREAM));
  expect(DeliveryStreamDescription).toMatchObject({ ...STREAM, DeliveryStreamStatus: 'ACTIVE' });
  const { DeliveryStreamNames } = await client.send(new ListDeliveryStreamsCommand({}));
  expect(DeliveryStreamNames).toEqual(['events']);
});

test.each([
  ['501 records', records(501, 1), 'ValidationException', 400],
  ['a record of 1,000 KiB and a byte', records(1, 1000 * 1024 + 1), 'ValidationException', 400],
  ['4 MiB and a byte', [...records(8, 512 * 1024), ...records(1, 1)], 'InvalidArgumentException', 400],
  ['far more than a call may hold', records(40, 1000 * 1024), 'InvalidArgumentException', 400],
])('to the AWS SDK %s is an error by its AWS name, and nothing is taken', async (_, Records, name, httpStatusCode) => {
  const { client, sink } = await anSdk();
  await expect(client.send(new PutRecordBatchCommand({ ...STREAM, Records }))).rejects.toMatchObject({
    name,
    $metadata: { httpStatusCode, requestId: expect.stringMatching(/^[\da-f-]{36}$/) },
  });
  expect(sink.sent).toEqual([]);
});

test('the AWS SDK knows an unknown stream, a busy ledger and a broken one by their names', async () => {
  const put = new PutRecordCommand({ ...STREAM, Record: { Data: Buffer.from('x') } });
  const nameWhen = async (options: Parameters<typeof anApp>[0]) => {
    const { client } = await anSdk(options);
    return client.send(put).catch((error: Error) => error.name);
  };
  expect(await nameWhen({ streams: ['other'] })).toBe('ResourceNotFoundException');
  expect(await nameWhen({ ports: { sink: recordingSink(new OverloadedError('full')) } })).toBe(
    'ServiceUnavailableException',
  );
  expect(await nameWhen({ ports: { sink: recordingSink(new Error('disk')) } })).toBe('ServiceUnavailableException');
});

test('the AWS SDK sends again by itself what came while the ledger was busy', async () => {
  const sink = recordingSink();
  let calls = 0;
  const busyOnce: EventSink = {
    send: (sent) => (calls++ === 0 ? Promise.reject(new OverloadedError('full')) : sink.send(sent)),
  };
  const { client } = await anSdk({ ports: { sink: busyOnce } }, { maxAttempts: 3 });
  const { $metadata } = await client.send(new PutRecordCommand({ ...STREAM, Record: { Data: Buffer.from('x') } }));
  expect([$metadata.attempts, sink.sent]).toEqual([2, [['x']]]);
});

test('the AWS SDK gives the token as its access key id', async () => {
  const put = new PutRecordCommand({ ...STREAM, Record: { Data: Buffer.from('x') } });
  const as = (accessKeyId: string) =>
    anSdk({ token: 'tkn_1/2' }, { credentials: { accessKeyId, secretAccessKey: 'any' } });
  const known = await as('tkn_1/2');
  await known.client.send(put);
  expect(known.sink.sent).toEqual([['x']]);

  const stranger = await as('AKIAIOSFODNN7EXAMPLE');
  await expect(stranger.client.send(put)).rejects.toMatchObject({
    name: 'UnrecognizedClientException',
    $metadata: { httpStatusCode: 401 },
  });
  expect(stranger.sink.sent).toEqual([]);
});
