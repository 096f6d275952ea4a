import { PublishCommand, type PublishCommandInput, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../../core/alert/notice.ts';
import { cutText } from '../../core/cut.ts';
import type { Channel } from '../../core/ports/channel.ts';
import { chatMessage } from './chat-message.ts';
import { emailMessage } from './email-message.ts';

export interface TopicSettings {
  readonly client: SNSClient;
  /** ARN. */
  readonly topic: string;
  /** What the topic's subscribers read, and the channel's name: mail shows the text as it is, chat wants JSON. */
  readonly form: 'email' | 'chat';
}

/**
 * Publishes notices to one topic. Severity, kind, environment and process_name are message attributes, so that
 * subscribers can filter. Standard topics do not deduplicate: the caller sends each notice once.
 */
export function openChannel({ client, topic, form }: TopicSettings): Channel {
  return {
    async send(notice) {
      try {
        const { MessageId } = await client.send(
          new PublishCommand({ TopicArn: topic, ...MESSAGES[form](notice), MessageAttributes: attributesOf(notice) }),
        );
        return { channel: form, delivered: true, message_id: MessageId ?? '' };
      } catch (error) {
        return { channel: form, delivered: false, why: explained(topic, error) };
      }
    },
  };
}

const MESSAGES: Readonly<
  Record<TopicSettings['form'], (notice: Notice) => Pick<PublishCommandInput, 'Subject' | 'Message'>>
> = {
  email(notice) {
    const { subject, body } = emailMessage(notice);
    return { Subject: subject, Message: body };
  },
  chat: (notice) => ({ Message: chatMessage(notice) }),
};

const MAX_ATTRIBUTE_LENGTH = 256;

/** SNS refuses an attribute without a value. */
const attributesOf = (notice: Notice): PublishCommandInput['MessageAttributes'] =>
  Object.fromEntries(
    (['severity', 'kind', 'environment', 'process_name'] as const).flatMap((name) =>
      notice[name] === ''
        ? []
        : [[name, { DataType: 'String', StringValue: cutText(notice[name], MAX_ATTRIBUTE_LENGTH) }]],
    ),
  );

function explained(topic: string, error: unknown): string {
  const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `Expected the topic ${topic} to take the notice, got ${came}. ${adviceFor(error)}`;
}

function adviceFor(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  if (name === 'KMSThrottlingException') return 'Send it again.';
  if (name.startsWith('KMS')) return 'Allow this role to use the key of the topic, and check that the key is enabled.';
  switch (name) {
    case 'NotFoundException':
      return 'Check the ARN, the region and the account, or deploy the stack that makes the topic.';
    case 'AuthorizationErrorException':
    case 'AccessDeniedException':
      return 'Allow this role to publish to the topic.';
    default:
      return 'Send it again.';
  }
}
