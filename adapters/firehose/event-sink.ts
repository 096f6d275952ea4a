import { setTimeout } from 'node:timers/promises';
import { type FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { type EventSink, OverloadedError } from '../../core/ports/event-sink.ts';
import { batchesOf, fittingRecords, linesIn } from './batches.ts';

export interface StreamSettings {
  readonly client: FirehoseClient;
  readonly stream: string;
  /** How often a record is sent before giving up; 8 by default, over some 20 seconds. */
  readonly maxTries?: number | undefined;
  readonly pause?: (delayMs: number) => Promise<unknown>;
  readonly random?: () => number;
}

const DEFAULT_TRIES = 8;
const FIRST_DELAY_MS = 100;
const MAX_DELAY_MS = 10_000;

/**
 * Events into a stream. Resolves once Firehose holds them; it keeps them for 24 hours if they cannot be written. They
 * are accepted on the way, later, so what is counted as accepted here is what was taken. Throws when some could not be
 * sent: sending all of it again adds nothing, because identity is content.
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
  let left = batch;
  for (let tries = 1; ; tries++) {
    const { refused, why } = await put(settings, left);
    if (refused.length === 0) return batch.length;
    left = refused;
    if (tries === maxTries) throw givenUp(settings.stream, left.length, taken + batch.length - left.length, tries, why);
    await pause(random() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** tries));
  }
}

/** A call that succeeds may have refused some of its records; the answers are in the order of the request. */
async function put(
  { client, stream }: StreamSettings,
  records: readonly Uint8Array[],
): Promise<{ readonly refused: readonly Uint8Array[]; readonly why: string }> {
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
  return new Error(`Expected the stream ${stream} to take records, came ${came}. ${advice}`, { cause: error });
}
