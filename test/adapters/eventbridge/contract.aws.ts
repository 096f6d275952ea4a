import { randomUUID } from 'node:crypto';
import {
  CreateEventBusCommand,
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';
import { openBus } from '../../../adapters/eventbridge/bus.ts';
import type { LedgerEvent } from '../../../core/alert/ledger-event.ts';
import { busContract } from '../../contracts/bus.contract.ts';

/** Publishes on real buses, a new one for each sentence; a queue hears all of what is published. */
export function eventbridgeContracts(config: EventBridgeClientConfig & SQSClientConfig): void {
  const client = new EventBridgeClient(config);
  const sqs = new SQSClient(config);
  const unreachable = new EventBridgeClient({ ...config, endpoint: 'http://127.0.0.1:9', maxAttempts: 1 });

  busContract('EventBridge', async () => {
    const name = `contract-${randomUUID()}`;
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    await client.send(new CreateEventBusCommand({ Name: name }));
    await client.send(
      new PutRuleCommand({
        Name: name,
        EventBusName: name,
        EventPattern: JSON.stringify({ source: ['runledger'] }),
        State: 'ENABLED',
      }),
    );
    await client.send(
      new PutTargetsCommand({ Rule: name, EventBusName: name, Targets: [{ Id: 'queue', Arn: Attributes?.QueueArn }] }),
    );
    const published: LedgerEvent[] = [];
    return {
      bus: openBus({ client, bus: name }),
      broken: openBus({ client: unreachable, bus: name }),
      published: async () => {
        published.push(...(await received(sqs, QueueUrl)));
        return published;
      },
    };
  });
}

/** What waits in the queue; it is taken out. */
async function received(sqs: SQSClient, QueueUrl: string): Promise<readonly LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return events;
    for (const { Body = '', ReceiptHandle } of Messages) {
      const { 'detail-type': type, detail } = JSON.parse(Body);
      events.push({ type, detail } as LedgerEvent);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
}
