import * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { differences } from './expected.ts';

export interface ObjectNotice {
  readonly bucket: string;
  readonly key: string;
  /** 0 when the notification has no size. */
  readonly size_bytes: number;
}

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

/**
 * Reads the objects that a notification names: as an event, or as the text of a queue's message. Throws when it is no
 * notification.
 */
export function landedObjects(told: unknown): readonly ObjectNotice[] {
  const parsed = anyOf.safeParse(typeof told === 'string' ? jsonOf(told) : told);
  if (!parsed.success) throw unreadable(told, differences(parsed.error));
  if ('Event' in parsed.data) return [];
  try {
    return objectsIn(parsed.data);
  } catch (error) {
    throw unreadable(told, errorMessage(error));
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

const unreadable = (told: unknown, got: string): Error => {
  const text = typeof told === 'string' ? told : String(JSON.stringify(told));
  return new Error(
    `Expected a notification of S3 about objects, got ${JSON.stringify(text.slice(0, 200))} (${got}). ` +
      'Let nothing else send to this queue.',
  );
};
