import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { cutLines, cutText, oneLine } from '../../core/cut.ts';

/** SNS: below 100 ASCII characters, no line breaks, no control characters (API reference of Publish). */
const MAX_SUBJECT_LENGTH = 99;
/** SNS takes 256 KiB; in UTF-8 a character takes up to 4 bytes. */
const MAX_BODY_LENGTH = 60_000;

/** Publishes a text to a topic, whose subscribers by mail get it as it is. What is too long is cut. Throws when SNS refuses it. */
export async function publishText(client: SNSClient, topic: string, subject: string, text: string): Promise<void> {
  await client.send(
    new PublishCommand({
      TopicArn: topic,
      Subject: cutText(oneLine(subject), MAX_SUBJECT_LENGTH).replace(/[^ -~]/gu, '?'),
      Message: cutLines(text.split('\n'), MAX_BODY_LENGTH).join('\n'),
    }),
  );
}
