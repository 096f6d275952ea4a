import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** A message that was received and not deleted. */
export interface ReceivedMessage {
  /** Of this receipt: SQS gives another one each time. */
  readonly receiptHandle: string;
  /** From 0 to 43,200: after so many seconds it is received again. */
  readonly delaySeconds: number;
}

/** Lets received messages come again sooner, or later, than their queue's visibility timeout would. */
export type RetryMessages = (messages: readonly ReceivedMessage[]) => Promise<void>;

/** "A batch of at most 10" (API reference of ChangeMessageVisibilityBatch). */
const PER_CALL = 10;

/** Of the queue at this URL. Throws when SQS refuses: then the visibility timeout of the queue holds. */
export const openRetryMessages =
  ({ client, queueUrl }: { readonly client: SQSClient; readonly queueUrl: string }): RetryMessages =>
  async (messages) => {
    for (let at = 0; at < messages.length; at += PER_CALL) {
      const { Failed = [] } = await client.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: queueUrl,
          Entries: messages.slice(at, at + PER_CALL).map(({ receiptHandle, delaySeconds }, index) => ({
            Id: String(index),
            ReceiptHandle: receiptHandle,
            VisibilityTimeout: delaySeconds,
          })),
        }),
      );
      const [refused] = Failed;
      if (refused !== undefined)
        throw new Error(
          `expected ${queueUrl} to deliver ${Failed.length} messages again soon, but got ${refused.Code}: ${refused.Message}; they come when its visibility timeout is over`,
        );
    }
  };
