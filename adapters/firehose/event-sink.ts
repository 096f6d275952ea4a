import { setTimeout } from 'node:timers/promises';
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type EventSink, OverloadedError } from '../../core/ports/event-sink.ts';
import { type Refusal, sendUntilTaken, type Waiting } from '../../core/retry.ts';
import { batchesOf, fittingRecords, linesIn } from './batches.ts';

export interface StreamSettings extends Partial<Waiting> {
  readonly client: FirehoseClient;
  /** Name of the delivery stream. */
  readonly stream: string;
  /** How often a record is sent before giving up; 8 by default, over 23 seconds at most. */
  readonly maxTries?: number | undefined;
}

const DEFAULT_TRIES = 8;
/** Pauses of at most 0.2, 0.4, … 6.4, 10, 10, … s. */
const BACKOFF = { firstDelayMs: 200, maxDelayMs: 10_000 };

/**
 * Sends events into a stream. `send` resolves once Firehose holds them, and Firehose keeps them for 24 hours when it
 * cannot write them. It accepts them later, on the way, so what is counted as accepted here is what Firehose took.
 * Throws `OverloadedError` when a throttled stream took nothing; another error when it took a part, when the stream
 * cannot be reached, or when a line is longer than a record (then nothing was sent). Sending all of it again adds
 * nothing, because an event's identity is its content.
 */
export function openEventSink(settings: StreamSettings): EventSink {
  return {
    async send(records) {
      const lines = records.reduce((count, record) => count + linesIn(record), 0);
      // Split before the first is sent: a record that cannot be is found before anything was taken.
      const batches = [...batchesOf(fittingRecords(records.filter((record) => linesIn(record) > 0)))];
      let taken = 0;
      for (const batch of batches) taken += await sendBatch(settings, batch, taken);
      return { received: lines, accepted: lines, rejected: 0 };
    },
  };
}

/** Returns how many records were taken: all of them. `taken` counts those of earlier batches. */
async function sendBatch(settings: StreamSettings, batch: readonly Uint8Array[], taken: number): Promise<number> {
  const { maxTries = DEFAULT_TRIES, pause = setTimeout, random = Math.random } = settings;
  const retries = { maxTries, ...BACKOFF, pause, random };
  const { refused, why } = await sendUntilTaken(batch, (left) => put(settings, left), retries);
  if (refused.length > 0)
    throw givenUp(settings.stream, refused.length, taken + batch.length - refused.length, maxTries, why);
  return batch.length;
}

/** A call that succeeds may have refused some of its records; the answers are in the order of the request. */
async function put({ client, stream }: StreamSettings, records: readonly Uint8Array[]): Promise<Refusal<Uint8Array>> {
  try {
    const { FailedPutCount, RequestResponses } = await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: stream, Records: records.map((Data) => ({ Data })) }),
    );
    if (!FailedPutCount) return { refused: [], why: '' };
    const answers = RequestResponses ?? [];
    return {
      refused: records.filter((_, index) => answers[index]?.RecordId === undefined),
      why: answers.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? 'no reason',
    };
  } catch (error) {
    if (error instanceof Error && THROTTLED.has(error.name)) return { refused: records, why: error.name };
    throw unreachable(stream, error);
  }
}

const THROTTLED = new Set(['ServiceUnavailableException', 'LimitExceededException', 'ThrottlingException']);

function givenUp(stream: string, left: number, taken: number, tries: number, why: string): Error {
  const message =
    `Expected the stream ${stream} to take all records, it refused ${left} of them ${tries} times (${why}) and took ` +
    `${taken}. Send them again later; what was taken is not doubled by it.`;
  return taken === 0 ? new OverloadedError(message) : new Error(message);
}

function unreachable(stream: string, error: unknown): Error {
  const name = error instanceof Error ? error.name : '';
  const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const advice =
    name === 'ResourceNotFoundException'
      ? 'Check its name, the region and the account, or deploy the stack that makes it.'
      : name === 'AccessDeniedException' || name === 'InvalidKMSResourceException'
        ? 'Allow this role to put records into it, and the stream to use its key.'
        : 'Send them again; what was taken is not doubled by it.';
  return new Error(`Expected the stream ${stream} to take records, got ${came}. ${advice}`, { cause: error });
}
