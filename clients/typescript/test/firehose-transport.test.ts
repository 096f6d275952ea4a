import { FirehoseClient } from '@aws-sdk/client-firehose';
import { describe, expect, test } from 'vitest';
import { firehoseTransport, TransportError } from '../src/index.ts';
import { aRuntime } from './a-runtime.ts';
import { type Answer, aServer } from './a-server.ts';

const RECORDS = ['{"a":1}\n', '{"a":2}\n', '{"a":3}\n'].map((line) => Buffer.from(line));
const never = new AbortController().signal;
const aHastyRuntime = () => aRuntime({ firesAtOnce: () => true });

/** What Firehose answers: one entry for each record, in order. */
const entries = (...errors: (string | undefined)[]): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({
    FailedPutCount: errors.filter((error) => error).length,
    RequestResponses: errors.map((ErrorCode) =>
      ErrorCode ? { ErrorCode, ErrorMessage: 'slow down' } : { RecordId: 'r' },
    ),
  }),
});

const clientOf = (endpoint: string): FirehoseClient =>
  new FirehoseClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });

/** The lines of each request that was received. */
const sentTo = (server: { received: readonly { body: string }[] }): string[][] =>
  server.received.map(({ body }) => {
    const { Records } = JSON.parse(body) as { Records: { Data: string }[] };
    return Records.map(({ Data }) => Buffer.from(Data, 'base64').toString());
  });

describe('the Firehose transport', () => {
  test('puts all records of a call as one batch', async () => {
    await using server = await aServer(() => entries(undefined, undefined, undefined));

    await firehoseTransport({ stream: 'runledger', client: clientOf(server.url) }).send(RECORDS, never);

    expect(server.received[0]?.headers['x-amz-target']).toBe('Firehose_20150804.PutRecordBatch');
    expect(JSON.parse(server.received[0]?.body ?? '')).toMatchObject({ DeliveryStreamName: 'runledger' });
    expect(sentTo(server)).toEqual([['{"a":1}\n', '{"a":2}\n', '{"a":3}\n']]);
  });

  test('sends only the entries that failed again, found by their place', async () => {
    const answers = [
      entries('ServiceUnavailableException', undefined, 'InternalFailure'),
      entries(undefined, 'ServiceUnavailableException'),
      entries(undefined),
    ];
    await using server = await aServer((_, count) => answers[count - 1] ?? 'close');
    const runtime = aHastyRuntime();

    await firehoseTransport({ stream: 'runledger', client: clientOf(server.url) }, runtime).send(RECORDS, never);

    expect(sentTo(server)).toEqual([
      ['{"a":1}\n', '{"a":2}\n', '{"a":3}\n'],
      ['{"a":1}\n', '{"a":3}\n'],
      ['{"a":3}\n'],
    ]);
    expect(runtime.delays).toEqual([100, 200]);
  });

  test('says after its tries which records were not taken', async () => {
    await using server = await aServer((_, count) =>
      count === 1
        ? entries(undefined, 'ServiceUnavailableException', undefined)
        : entries('ServiceUnavailableException'),
    );
    const transport = firehoseTransport(
      { stream: 'runledger', client: clientOf(server.url), tries: 2 },
      aHastyRuntime(),
    );

    const error = await transport.send(RECORDS, never).catch((caught: unknown) => caught);

    expect(server.received).toHaveLength(2);
    expect(error).toBeInstanceOf(TransportError);
    expect(error).toMatchObject({
      retryable: true,
      unsent: [1],
      message: 'Expected stream runledger to take every record, got ServiceUnavailableException for 1 of 3',
    });
  });

  test.each([
    [400, 'ResourceNotFoundException', false],
    [400, 'AccessDeniedException', true],
    [400, 'ExpiredTokenException', true],
    [400, 'UnrecognizedClientException', true],
    [400, 'ResourceNotFoundException', false],
    [400, 'LimitExceededException', false],
    [400, 'ThrottlingException', true],
    [503, 'ServiceUnavailableException', true],
    [500, 'InternalFailure', true],
  ])('knows of %i %s whether trying again can help: %s', async (status, name, retryable) => {
    await using server = await aServer(() => ({
      status,
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name },
      body: JSON.stringify({ __type: name, message: 'no' }),
    }));
    const transport = firehoseTransport({ stream: 'runledger', client: clientOf(server.url) }, aHastyRuntime());

    const error = await transport.send(RECORDS, never).catch((caught: unknown) => caught);

    expect(error).toMatchObject({ retryable, message: expect.stringContaining(name) });
  });

  test('takes a connection that was refused for a failure that passes', async () => {
    const server = await aServer(() => 'close');
    await server[Symbol.asyncDispose]();

    const error = await firehoseTransport({ stream: 'runledger', client: clientOf(server.url) })
      .send(RECORDS, never)
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ retryable: true });
  });

  test('ends as soon as nobody waits any more', async () => {
    await using server = await aServer(() => 'hang');
    const waiting = new AbortController();
    const sending = firehoseTransport({ stream: 'runledger', client: clientOf(server.url) }).send(
      RECORDS,
      waiting.signal,
    );
    await server.receives(1);

    waiting.abort();

    await expect(sending).rejects.toBeInstanceOf(TransportError);
  });

  test('names a wrong option', () => {
    expect(() => firehoseTransport({ stream: '' })).toThrow('`stream`: expected the name of a delivery stream, got ""');
    expect(() => firehoseTransport({ stream: 's', tries: 0 })).toThrow('`tries`: expected a positive integer, got 0');
  });
});
