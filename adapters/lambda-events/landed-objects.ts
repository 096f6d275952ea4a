import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { differences, expected } from './expected.ts';

/** One queue message about objects that landed. */
export type ObjectCreatedMessage =
  | { readonly message_id: string; readonly objects: readonly ObjectNotice[] }
  /** Not a notification. `why` says what was expected and what came. */
  | { readonly message_id: string; readonly unreadable: string };

export interface ObjectNotice {
  readonly bucket: string;
  readonly key: string;
  /** 0 when the notification does not tell. */
  readonly size_bytes: number;
}

const queueSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

const size = z.int().min(0).default(0);

/** Straight from S3. Keys are encoded as in a form: a space is `+`. */
const notification = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string(), size }) }),
    }),
  ),
});

/** What S3 sends once, when notifications are set up. */
const testEvent = z.object({ Event: z.literal('s3:TestEvent') });

/** Through EventBridge. Keys are as they are. */
const busEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string(), size }) }),
});

const anyOf = z.union([notification, testEvent, busEvent]);

/** The objects that each message of a queue names. One message that cannot be read does not cost the others. */
export function readLandings(event: unknown): readonly ObjectCreatedMessage[] {
  const { Records } = expected(queueSchema, 'messages of a queue', event);
  return Records.map(({ messageId, body }) => ({ message_id: messageId, ...landingsIn(body) }));
}

/** Leaves these messages in the queue; after its number of receives they are in the dead-letter queue. */
export const unfinished = (message_ids: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: [...new Set(message_ids)].map((itemIdentifier) => ({ itemIdentifier })),
});

function landingsIn(body: string): { readonly objects: readonly ObjectNotice[] } | { readonly unreadable: string } {
  const json = jsonOf(body);
  const parsed = anyOf.safeParse(json);
  if (!parsed.success) return { unreadable: unreadable(body, differences(parsed.error)) };
  if ('Event' in parsed.data) return { objects: [] };
  try {
    return { objects: objectsIn(parsed.data) };
  } catch (error) {
    return { unreadable: unreadable(body, errorMessage(error)) };
  }
}

function objectsIn(landing: z.infer<typeof notification> | z.infer<typeof busEvent>): readonly ObjectNotice[] {
  if ('detail' in landing) {
    const { bucket, object } = landing.detail;
    if (landing['detail-type'] !== 'Object Created') return [];
    return [{ bucket: bucket.name, key: object.key, size_bytes: object.size }];
  }
  return landing.Records.filter(({ eventName }) => CREATED.test(eventName)).map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll('+', ' ')),
    size_bytes: object.size,
  }));
}

/** Also `CompleteMultipartUpload`, which is how streams with short buffers write. */
const CREATED = /^(s3:)?ObjectCreated:/;

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

const unreadable = (body: string, came: string): string =>
  `Expected a notification of S3 about objects, came ${JSON.stringify(body.slice(0, 200))} (${came}). ` +
  'Let nothing else send to this queue.';
