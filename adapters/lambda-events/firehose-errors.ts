import * as z from 'zod';
import { type Instant, parseInstant } from '../../core/instant.ts';
import { base64, differences } from './expected.ts';

/** A record that Firehose could not transform, read from the stream's error prefix. */
export interface FailedRecord {
  /** As the producer sent it, unmasked. */
  readonly data: Uint8Array;
  readonly error_code: string;
  readonly error_message: string;
  readonly attempts: number;
  readonly received_at?: Instant | undefined;
  /** ARN of the transform. */
  readonly transform?: string | undefined;
}

export interface FailedRecords {
  readonly records: readonly FailedRecord[];
  /** Lines that are no envelope: their number, from 1, and the reason. It does not repeat their text, which is unmasked. */
  readonly unreadable: readonly { readonly line: number; readonly why: string }[];
}

/** Firehose's documentation shows strings; the service writes numbers. */
const integer = z.union([z.int(), z.string().regex(/^\d+$/).transform(Number)]);
/** Milliseconds since 1970. */
const arrival = z.union([z.number(), z.string()]).transform((value) => parseInstant(value, 'UTC')?.instant);

/** Envelopes of failed format conversions spell some names with capitals. */
const envelope = z
  .looseObject({
    rawData: base64,
    attemptsMade: integer.optional(),
    arrivalTimestamp: arrival.optional(),
    errorCode: z.string().optional(),
    ErrorCode: z.string().optional(),
    errorMessage: z.string().optional(),
    ErrorMessage: z.string().optional(),
    lambdaArn: z.string().optional(),
    lambdaARN: z.string().optional(),
  })
  .transform(
    (got): FailedRecord => ({
      data: got.rawData,
      error_code: got.errorCode ?? got.ErrorCode ?? 'unknown',
      error_message: got.errorMessage ?? got.ErrorMessage ?? '',
      attempts: got.attemptsMade ?? 0,
      received_at: got.arrivalTimestamp,
      transform: got.lambdaArn ?? got.lambdaARN,
    }),
  );

/** Reads the records of one object under the error prefix; each line is an envelope. Never throws. */
export function readFailedRecords(content: Uint8Array): FailedRecords {
  const records: FailedRecord[] = [];
  const unreadable: { line: number; why: string }[] = [];
  const lines = new TextDecoder().decode(content).split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const outcome = envelopeIn(line);
    if ('why' in outcome) unreadable.push({ line: index + 1, why: outcome.why });
    else records.push(outcome);
  }
  return { records, unreadable };
}

function envelopeIn(line: string): FailedRecord | { readonly why: string } {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return { why: noEnvelope('text that is not JSON') };
  }
  const parsed = envelope.safeParse(json);
  return parsed.success ? parsed.data : { why: noEnvelope(differences(parsed.error)) };
}

const noEnvelope = (got: string): string =>
  `Expected an error envelope of Firehose with rawData in base64, got ${got}. Look at what else writes under the error prefix.`;
