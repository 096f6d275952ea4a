import { randomUUID } from 'node:crypto';
import { CreateTopicCommand, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { openChannel } from '../../../adapters/sns/channel.ts';
import { aNotice, channelContract } from '../../contracts/channel.contract.ts';

/** Publishes to real topics, and to one that is missing. */
export function snsBehaviour(config: SNSClientConfig): void {
  const client = new SNSClient(config);
  const newTopic = async (): Promise<string> => {
    const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: `contract-${randomUUID()}` }));
    return TopicArn;
  };
  for (const form of ['email', 'chat'] as const)
    channelContract(`SNS (${form})`, async () => {
      const topic = await newTopic();
      return {
        channel: openChannel({ client, topic, form }),
        broken: openChannel({ client, topic: `${topic}-missing`, form }),
        arrived: () => 0,
      };
    }, [
      {
        reason: 'the topic has no subscriber to count what it published; the mocked one counts',
        tests: ['each sending is a message of its own, even of the same notice'],
      },
    ]);

  test('a topic that is missing says what to check', async () => {
    const chat = openChannel({ client, topic: `${await newTopic()}-missing`, form: 'chat' });
    expect(await chat.send(aNotice())).toMatchObject({
      channel: 'chat',
      delivered: false,
      why: expect.stringContaining('Check the ARN, the region and the account'),
    });
  });
}
