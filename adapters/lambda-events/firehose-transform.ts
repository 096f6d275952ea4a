import type { FirehoseTransformationResult, FirehoseTransformationResultRecord } from 'aws-lambda';
import * as z from 'zod';
import { type Instant, instantOf } from '../../core/instant.ts';
import { base64, expected } from './expected.ts';

/** One invocation of a Firehose transform. */
export interface TransformRequest {
  readonly records: readonly TransformRecord[];
}

export interface TransformRecord {
  readonly record_id: string;
  /** Firehose's approximate arrival time. */
  readonly received_at: Instant;
  readonly data: Uint8Array;
}

/** The outcome of a record. For `failed`, Firehose writes the received record to the stream's error prefix, unmasked. */
export type TransformOutcome =
  | { readonly record_id: string; readonly result: 'ok'; readonly data: string | Uint8Array }
  | { readonly record_id: string; readonly result: 'dropped' }
  | { readonly record_id: string; readonly result: 'failed' };

/** Milliseconds since 1970, between the years 2000 and 2100, as instants are. */
const arrival = z
  .number()
  .min(946_684_800_000)
  .lt(4_133_980_800_000)
  .transform((epochMs) => instantOf(Math.floor(epochMs)));

const schema = z.object({
  invocationId: z.string(),
  deliveryStreamArn: z.string(),
  records: z.array(z.object({ recordId: z.string(), approximateArrivalTimestamp: arrival, data: base64 })),
});

/** Reads the event of a Firehose transform. Throws when it is another event. */
export function readTransform(event: unknown): TransformRequest {
  const { records } = expected(schema, 'a Firehose transform event', event);
  return {
    records: records.map(({ recordId, approximateArrivalTimestamp, data }) => ({
      record_id: recordId,
      received_at: approximateArrivalTimestamp,
      data,
    })),
  };
}

/**
 * The answer, in the order of the request. Throws when an outcome is missing, unknown or there twice: Firehose would fail
 * the whole batch without naming the cause.
 */
export function transformAnswer(
  request: TransformRequest,
  outcomes: readonly TransformOutcome[],
): FirehoseTransformationResult {
  const byId = new Map(outcomes.map((outcome) => [outcome.record_id, outcome]));
  const records = request.records.map(({ record_id }) => {
    const outcome = byId.get(record_id);
    if (outcome === undefined) throw mismatch(`none for ${record_id}`);
    return answerOf(outcome);
  });
  if (outcomes.length !== records.length || byId.size !== records.length)
    throw mismatch(`${outcomes.length} for ${records.length} records`);
  return { records };
}

/** The size of an outcome in the answer, whose limit is 6 MB. Base64 takes four bytes for three. */
export function answerBytes(outcome: TransformOutcome): number {
  const dataBytes = outcome.result === 'ok' ? 4 * Math.ceil(Buffer.byteLength(outcome.data) / 3) : 0;
  return Buffer.byteLength(JSON.stringify(outcome.record_id)) + dataBytes + ENVELOPE_BYTES;
}

/** `{"recordId":,"result":"ProcessingFailed","data":""},` */
const ENVELOPE_BYTES = 56;

function answerOf(outcome: TransformOutcome): FirehoseTransformationResultRecord {
  const recordId = outcome.record_id;
  switch (outcome.result) {
    case 'ok':
      return { recordId, result: 'Ok', data: bytesOf(outcome.data).toString('base64') };
    case 'dropped':
      return { recordId, result: 'Dropped', data: '' };
    case 'failed':
      return { recordId, result: 'ProcessingFailed', data: '' };
  }
}

const bytesOf = (data: string | Uint8Array): Buffer =>
  typeof data === 'string' ? Buffer.from(data) : Buffer.from(data.buffer, data.byteOffset, data.byteLength);

const mismatch = (got: string): Error =>
  new Error(`Expected exactly one outcome for each record of the transform, got ${got}. Answer every record id once.`);
