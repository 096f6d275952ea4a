import type { SNSClient } from '@aws-sdk/client-sns';
import { type Subscription, subscriptionsOf } from '../../adapters/sns/subscriptions.ts';
import { counted } from '../../core/format.ts';
import { type Check, ok, warn } from '../doctor/check.ts';
import type { Outputs } from './outputs.ts';

/** Which people and channels receive alerts. */
export const topicChecks = (
  sns: SNSClient,
  { MailTopicArn, ChatTopicArn }: Pick<Outputs, 'MailTopicArn' | 'ChatTopicArn'>,
): readonly Check[] => [
  {
    link: 'mail topic',
    run: async () => {
      const mail = await subscriptionsOf(sns, MailTopicArn);
      if (mail.length > 0) return topicFinding(mail);
      const chat = await subscriptionsOf(sns, ChatTopicArn);
      return chat.length > 0
        ? ok('nobody has subscribed; alerts go to chat')
        : warn('nobody hears alerts', 'deploy with -c alertEmails=…, or subscribe to the topic');
    },
  },
  {
    link: 'chat topic',
    run: async () => {
      const chat = await subscriptionsOf(sns, ChatTopicArn);
      return chat.length === 0 ? ok('nobody has subscribed') : topicFinding(chat);
    },
  },
];

function topicFinding(all: readonly Subscription[]) {
  const waiting = all.filter(({ confirmed }) => !confirmed);
  if (waiting.length === 0) return ok(`${counted(all.length, 'subscription')}, confirmed`);
  return waiting.map(({ protocol, endpoint }) =>
    warn(
      `${protocol} ${endpoint} has not confirmed`,
      'open the link in the message that SNS sent there, or subscribe it again',
    ),
  );
}
