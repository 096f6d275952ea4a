import type { SQSBatchResponse } from 'aws-lambda';
import * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { differences, expected } from './expected.ts';

/** One queue message about objects that landed. */
export type ObjectCreatedMessage =
  | { readonly message_id: string; readonly objects: readonly ObjectNotice[] }
  /** The message is no notification; `unreadable` is the reason. */
  | { readonly message_id: string; readonly unreadable: string };

export interface ObjectNotice {
  readonly bucket: string;
  readonly key: string;
  /** 0 when the notification has no size. */
  readonly size_bytes: number;
}

const queueSchema = z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) });

const size = z.int().min(0).default(0);

/** A notification directly from S3. Its keys are form-encoded: a space is `+`. */
const notification = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string(), size }) }),
    }),
  ),
});

/** S3 sends it once, when notifications are set up. */
const testEvent = z.object({ Event: z.literal('s3:TestEvent') });

/** A notification through EventBridge. Its keys are not encoded. */
const busEvent = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.string(),
  detail: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key: z.string(), size }) }),
});

const anyOf = z.union([notification, testEvent, busEvent]);

/** Reads the objects that each message of a queue names. One unreadable message does not affect the others. */
export function readLandings(event: unknown): readonly ObjectCreatedMessage[] {
  const { Records } = expected(queueSchema, 'messages of a queue', event);
  return Records.map(({ messageId, body }) => ({ message_id: messageId, ...landingsIn(body) }));
}

/** Leaves these messages in the queue. After its `maxReceiveCount`, SQS moves them to the dead-letter queue. */
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

const unreadable = (body: string, got: string): string =>
  `Expected a notification of S3 about objects, got ${JSON.stringify(body.slice(0, 200))} (${got}). ` +
  'Let nothing else send to this queue.';
