import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

/** How to reach the emulated AWS. */
export interface Aws {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A message as a topic sent it. */
export interface TopicMessage {
  /** ARN. */
  readonly topic: string;
  readonly text: string;
}

/** A queue takes nothing from a topic that its policy does not let in. */
const TAKES_NOTICES = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' },
  ],
});

/** A queue that is subscribed to topics. Returns what they have sent until now. */
export async function queueOf(
  aws: Aws,
  name: string,
  topics: readonly string[],
): Promise<() => Promise<readonly TopicMessage[]>> {
  const sqs = new SQSClient(aws);
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { Policy: TAKES_NOTICES } }),
  );
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const sns = new SNSClient(aws);
  for (const TopicArn of topics)
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
  const received: TopicMessage[] = [];
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return received;
      for (const { Body = '' } of Messages) {
        const { TopicArn, Message } = JSON.parse(Body) as { readonly TopicArn: string; readonly Message: string };
        received.push({ topic: TopicArn, text: Message });
      }
      const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
}
