import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { OverloadedError } from '../../../core/ports/event-sink.ts';

const MEBIBYTE = 1024 * 1024;
const bytes = (text: string) => new TextEncoder().encode(text);
const textOf = (content: Uint8Array | undefined) => new TextDecoder().decode(content);
const taken = (count: number) => ({
  FailedPutCount: 0,
  RequestResponses: Array.from({ length: count }, () => ({ RecordId: 'r' })),
});
const REFUSED = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'slow down' };

function mocked() {
  const client = new FirehoseClient({ region: 'us-east-1' });
  const mock = mockClient(client);
  mock.on(PutRecordBatchCommand).callsFake(({ Records }) => taken(Records.length));
  const pauses: number[] = [];
  const sink = openEventSink({
    client,
    stream: 'events',
    maxTries: 3,
    random: () => 1,
    pause: async (delayMs) => pauses.push(delayMs),
  });
  const sent = () =>
    mock.commandCalls(PutRecordBatchCommand).map(({ args }) => (args[0].input.Records ?? []).map(({ Data }) => Data));
  return { mock, sink, sent, pauses };
}

test('sends records as they are, and counts their lines', async () => {
  const { sink, sent } = mocked();
  expect(await sink.send([bytes('{"a":1}\n\n{"b":2}\r\n'), bytes(' \n'), bytes('{"c":3}')])).toEqual({
    received: 3,
    accepted: 3,
    rejected: 0,
  });
  expect(sent().map((batch) => batch.map(textOf))).toEqual([['{"a":1}\n\n{"b":2}\r\n', '{"c":3}']]);
});

test('nothing to send is no call', async () => {
  const { sink, sent } = mocked();
  expect(await sink.send([])).toEqual({ received: 0, accepted: 0, rejected: 0 });
  expect(sent()).toEqual([]);
});

test('a call takes at most 500 records and 4 MiB', async () => {
  const { sink, sent } = mocked();
  await sink.send(Array.from({ length: 1_001 }, () => bytes('{}')));
  expect(sent().map((batch) => batch.length)).toEqual([500, 500, 1]);

  const large = mocked();
  await large.sink.send(Array.from({ length: 9 }, () => bytes('x'.repeat(1_000 * 1024))));
  expect(large.sent().map((batch) => batch.length)).toEqual([4, 4, 1]);
  for (const batch of large.sent())
    expect(batch.reduce((sum, data) => sum + (data?.length ?? 0), 0)).toBeLessThanOrEqual(4 * MEBIBYTE);
});

test('a record over 1,000 KiB is split between lines, and no byte is lost', async () => {
  const { sink, sent } = mocked();
  const record = Array.from({ length: 3_000 }, (_, index) => `${index}:${'x'.repeat(1_000)}\n`).join('');
  expect((await sink.send([bytes(record)])).received).toBe(3_000);
  const parts = sent().flat();
  expect(parts.map(textOf).join('')).toBe(record);
  for (const part of parts) expect(part?.length).toBeLessThanOrEqual(1_000 * 1024);
  for (const part of parts) expect(textOf(part).endsWith('\n')).toBe(true);
});

test('a line that no record can hold is refused before anything is sent', async () => {
  const { sink, sent } = mocked();
  await expect(sink.send([bytes('{}'), bytes(`{}\n${'y'.repeat(1_024_001)}\n`)])).rejects.toThrow(
    'Expected lines of at most 1024000 bytes, which is what a stream takes, got one of 1024001',
  );
  expect(sent()).toEqual([]);
});

test('only the records that were refused are sent again, with longer pauses', async () => {
  const { mock, sink, sent, pauses } = mocked();
  mock
    .on(PutRecordBatchCommand)
    .resolvesOnce({ FailedPutCount: 2, RequestResponses: [REFUSED, { RecordId: 'r' }, REFUSED] })
    .resolvesOnce({ FailedPutCount: 1, RequestResponses: [{ RecordId: 'r' }, REFUSED] })
    .resolves(taken(1));
  expect((await sink.send(['a', 'b', 'c'].map(bytes))).accepted).toBe(3);
  expect(sent().map((batch) => batch.map(textOf))).toEqual([['a', 'b', 'c'], ['a', 'c'], ['c']]);
  expect(pauses).toEqual([200, 400]);
});

test('a stream that takes nothing is busy', async () => {
  const { mock, sink } = mocked();
  mock.on(PutRecordBatchCommand).rejects(Object.assign(new Error('slow'), { name: 'ServiceUnavailableException' }));
  const failure = await sink.send([bytes('a')]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(OverloadedError);
  expect(String(failure)).toContain(
    'Expected the stream events to take all records, it refused 1 of them 3 times (ServiceUnavailableException) and took 0.',
  );
});

test('a stream that took a part is no clean refusal', async () => {
  const { mock, sink } = mocked();
  mock
    .on(PutRecordBatchCommand)
    .resolvesOnce({ FailedPutCount: 1, RequestResponses: [{ RecordId: 'r' }, REFUSED] })
    .resolves({ FailedPutCount: 1, RequestResponses: [REFUSED] });
  const failure = await sink.send([bytes('a'), bytes('b')]).catch((error: unknown) => error);
  expect(failure).not.toBeInstanceOf(OverloadedError);
  expect(String(failure)).toContain('it refused 1 of them 3 times (ServiceUnavailableException) and took 1.');
});

test.each([
  ['AccessDeniedException', 'Allow this role to put records into it, and the stream to use its key.'],
  ['InvalidKMSResourceException', 'Allow this role to put records into it, and the stream to use its key.'],
  ['InternalFailure', 'Send them again; what was taken is not doubled by it.'],
])('%s is explained', async (name, advice) => {
  const { mock, sink } = mocked();
  mock.on(PutRecordBatchCommand).rejects(Object.assign(new Error('no'), { name }));
  await expect(sink.send([bytes('a')])).rejects.toThrow(
    `Expected the stream events to take records, got ${name}: no. ${advice}`,
  );
});

test('a stream that is not there is named', async () => {
  const { mock, sink } = mocked();
  mock.on(PutRecordBatchCommand).rejects(Object.assign(new Error('none'), { name: 'ResourceNotFoundException' }));
  await expect(sink.send([bytes('a')])).rejects.toThrow(
    'Expected the stream events to take records, got ResourceNotFoundException: none. Check its name',
  );
});
