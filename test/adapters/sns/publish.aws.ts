import { CreateTopicCommand, SNSClient, type SNSClientConfig } from '@aws-sdk/client-sns';
import { expect, test } from 'vitest';
import { openChannel } from '../../../adapters/sns/channel.ts';

/** Publishes to real topics. */
export function snsBehaviour(config: SNSClientConfig): void {
  test('SNS takes a notice on both topics, and one that is missing is told', async () => {
    const client = new SNSClient(config);
    const { TopicArn } = await client.send(new CreateTopicCommand({ Name: 'contract-mail' }));
    const notifier = openChannel({ client, topics: { email: TopicArn, chat: `${TopicArn}-missing` } });
    const [mail, chat] = await notifier.notify({
      kind: 'failed',
      severity: 'P1',
      environment: 'prod',
      process_name: 'customer_daily',
      run_id: 'run-1',
      title: `customer_daily failed ${'\u{1F600}'.repeat(200)}`,
      lines: ['12:00 RUN_END FAILED'],
      next_steps: ['runledger show run-1'],
      facts: { error_code: 'D201' },
    });
    expect(mail).toMatchObject({ channel: 'email', delivered: true, message_id: expect.stringMatching(/.+/) });
    expect(chat).toMatchObject({ channel: 'chat', delivered: false });
    expect(chat && 'why' in chat ? chat.why : '').toContain('Check the ARN, the region and the account');
  });
}
