import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { openRetryMessages } from '../../../adapters/sqs/retry-messages.ts';

const queueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/landed';

test('each message is given its own delay, ten in a call', async () => {
  const client = new SQSClient({ region: 'eu-west-1' });
  const mock = mockClient(client).on(ChangeMessageVisibilityBatchCommand).resolves({});
  const messages = Array.from({ length: 11 }, (_, at) => ({ receiptHandle: `receipt ${at}`, delaySeconds: 20 + at }));
  await openRetryMessages({ client, queueUrl })(messages);
  const calls = mock.commandCalls(ChangeMessageVisibilityBatchCommand).map(({ args }) => args[0].input);
  expect(calls.map(({ Entries = [] }) => Entries.length)).toEqual([10, 1]);
  expect(calls[1]).toEqual({
    QueueUrl: queueUrl,
    Entries: [{ Id: '0', ReceiptHandle: 'receipt 10', VisibilityTimeout: 30 }],
  });
});

test('a message that SQS refuses is an error that says when it comes', async () => {
  const client = new SQSClient({ region: 'eu-west-1' });
  mockClient(client)
    .on(ChangeMessageVisibilityBatchCommand)
    .resolves({
      Failed: [{ Id: '0', Code: 'ReceiptHandleIsInvalid', Message: 'it has expired', SenderFault: true }],
    });
  await expect(openRetryMessages({ client, queueUrl })([{ receiptHandle: 'old', delaySeconds: 20 }])).rejects.toThrow(
    'got ReceiptHandleIsInvalid: it has expired; they come when its visibility timeout is over',
  );
});
