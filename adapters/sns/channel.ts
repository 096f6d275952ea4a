import { PublishCommand, type PublishCommandInput, type SNSClient } from '@aws-sdk/client-sns';
import type { Notice } from '../../core/alert/notice.ts';
import type { Channel, Delivery } from '../../core/ports/channel.ts';
import { chatMessage } from './chat-message.ts';
import { cutText } from './cut.ts';
import { emailMessage } from './email-message.ts';

export interface TopicSettings {
  readonly client: SNSClient;
  /** ARNs. Two topics, because a mail shows the body as it is and chat wants JSON. One may be left out. */
  readonly topics: { readonly email?: string | undefined; readonly chat?: string | undefined };
}

/**
 * Publishes a notice to the topics. Severity, kind, environment and process_name are message attributes, so that
 * subscribers can filter. Standard topics do not deduplicate: the caller sends each notice once.
 */
export function openChannel({ client, topics }: TopicSettings): Channel {
  if (topics.email === undefined && topics.chat === undefined)
    throw new Error('Expected an e-mail topic or a chat topic, came neither. Give the ARN of at least one.');
  return {
    async notify(notice) {
      const { subject, body } = emailMessage(notice);
      const messages = [
        ...(topics.email === undefined
          ? []
          : [{ channel: 'email', TopicArn: topics.email, Subject: subject, Message: body }]),
        ...(topics.chat === undefined
          ? []
          : [{ channel: 'chat', TopicArn: topics.chat, Message: chatMessage(notice) }]),
      ];
      return Promise.all(
        messages.map(({ channel, ...message }) =>
          publish(client, channel, { ...message, MessageAttributes: attributesOf(notice) }),
        ),
      );
    },
  };
}

async function publish(client: SNSClient, channel: string, message: PublishCommandInput): Promise<Delivery> {
  try {
    const { MessageId } = await client.send(new PublishCommand(message));
    return { channel, delivered: true, message_id: MessageId ?? '' };
  } catch (error) {
    return { channel, delivered: false, why: explained(message.TopicArn ?? '', error) };
  }
}

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
  return `Expected the topic ${topic} to take the notice, came ${came}. ${adviceFor(error)}`;
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
