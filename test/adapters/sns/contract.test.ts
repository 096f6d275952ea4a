import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { openChannel } from '../../../adapters/sns/channel.ts';
import { channelContract } from '../../contracts/channel.contract.ts';

for (const form of ['email', 'chat'] as const)
  channelContract(`SNS (mocked, ${form})`, async () => {
    const client = new SNSClient({ region: 'us-east-1' });
    let published = 0;
    mockClient(client)
      .on(PublishCommand, { TopicArn: 'arn:there' })
      .callsFake(() => {
        published += 1;
        return { MessageId: `message-${published}` };
      })
      .on(PublishCommand, { TopicArn: 'arn:missing' })
      .rejects(Object.assign(new Error('no such topic'), { name: 'NotFoundException' }));
    return {
      channel: openChannel({ client, topic: 'arn:there', form }),
      broken: openChannel({ client, topic: 'arn:missing', form }),
      arrived: () => published,
    };
  });
