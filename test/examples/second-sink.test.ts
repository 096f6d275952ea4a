import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SecondSink } from '../../examples/second-sink/second-sink.ts';

const FUNCTION = join(process.cwd(), 'examples', 'second-sink', 'forward-lines', 'index.mjs');
const sink = new SecondSink(new App(), 'ledger-to-siem', { bucketName: 'ledger-bucket', streamName: 'to-siem' });
const template = Template.fromStack(sink);

test('hears of every landed object of the ledger, and of nothing else in its bucket', () => {
  template.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: ['ledger-bucket'] }, object: { key: [{ prefix: 'raw/' }] } },
    },
  });
});

test('reads accepted lines and puts records, beside taking its messages', () => {
  const Statement = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as readonly { readonly Action: readonly string[] }[],
  );
  const actions = Statement.flatMap(({ Action }) => Action).filter((action) => !action.startsWith('sqs:'));
  expect(actions.sort()).toEqual([
    'firehose:PutRecord',
    'firehose:PutRecordBatch',
    's3:GetBucket*',
    's3:GetObject*',
    's3:List*',
  ]);
});

describe('the function', () => {
  const s3 = mockClient(S3Client);
  const firehose = mockClient(FirehoseClient);
  beforeEach(() => {
    for (const each of [s3, firehose]) each.reset();
    firehose.on(PutRecordBatchCommand).resolves({ FailedPutCount: 0, RequestResponses: [] });
  });
  const messageOf = (key: string) => ({
    messageId: key,
    body: JSON.stringify({ detail: { bucket: { name: 'ledger-bucket' }, object: { key } } }),
  });
  const holding = (bytes: Uint8Array) =>
    s3.on(GetObjectCommand).resolves({ Body: { transformToByteArray: async () => bytes } as never });
  const sent = () =>
    firehose
      .commandCalls(PutRecordBatchCommand)
      .map(({ args: [{ input }] }) =>
        (input.Records ?? []).map(({ Data }) => Buffer.from(Data ?? '').toString('utf8')),
      );

  test.each([
    ['packed', gzipSync('{"a":1}\n{"b":2}\n')],
    ['plain', Buffer.from('{"a":1}\n{"b":2}\n')],
  ])('sends each line of a %s object on', async (_, bytes) => {
    const { handler } = await import(FUNCTION);
    holding(bytes);
    expect(await handler({ Records: [messageOf('raw/x')] })).toEqual({ batchItemFailures: [] });
    expect(sent()).toEqual([['{"a":1}\n', '{"b":2}\n']]);
  });

  test('sends no more in one call than Firehose takes', async () => {
    const { handler } = await import(FUNCTION);
    holding(Buffer.from(`${'x\n'.repeat(1_001)}${`${'y'.repeat(900_000)}\n`.repeat(5)}`));
    await handler({ Records: [messageOf('raw/x')] });
    expect(sent().map((lines) => lines.length)).toEqual([500, 500, 4, 2]);
  });

  test('leaves in the queue what was not taken, and goes on with the others', async () => {
    const { handler } = await import(FUNCTION);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    holding(Buffer.from('{"a":1}\n'));
    firehose
      .on(PutRecordBatchCommand)
      .resolvesOnce({ FailedPutCount: 1, RequestResponses: [] })
      .resolves({ FailedPutCount: 0, RequestResponses: [] });
    const { batchItemFailures } = await handler({ Records: [messageOf('raw/1'), messageOf('raw/2')] });
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'raw/1' }]);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});
