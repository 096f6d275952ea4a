import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { landedObjects } from '../adapters/lambda-events/landed-objects.ts';
import type { RetryMessages } from '../adapters/sqs/retry-messages.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { RunTransition } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { type EvaluatePorts, evaluateRuns } from '../flows/evaluate.ts';
import { trackObject } from '../flows/track-object.ts';

/** Where landed objects are read and tracked, and what judges their pipelines. */
export interface TrackMessagesPorts extends EvaluatePorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly clock: Clock;
  /** How messages that failed are made to come again. */
  readonly retryMessages: RetryMessages;
  /** Measures the runs of pipelines that a deployment wants measured. */
  readonly measure?: ((transitions: readonly RunTransition[]) => void) | undefined;
}

/** What SQS calls with, as far as it is read. */
export interface Batch {
  readonly Records: readonly (Pick<SQSRecord, 'messageId' | 'body' | 'receiptHandle'> & {
    readonly attributes: Pick<SQSRecord['attributes'], 'ApproximateReceiveCount'>;
  })[];
}

/** What became of a batch of messages about landed objects. */
export interface TrackedMessages {
  /** Names the messages that failed: SQS brings them again, and after its `maxReceiveCount` sets them aside. */
  readonly answer: SQSBatchResponse;
  /** messages = tracked + failed; the rest counts what the messages named and what was found in it. */
  readonly counts: {
    readonly messages: number;
    readonly tracked: number;
    readonly failed: number;
    readonly objects: number;
    readonly parked: number;
    readonly events: number;
    readonly runs: number;
    readonly incidents: number;
  };
  /** Why messages failed and objects were parked, and why messages that failed may come late. */
  readonly errors: readonly unknown[];
}

/** Tracks each landed object and judges the pipelines of its runs. A message that fails does not hold up the others, and soon comes again. */
export async function trackMessages(ports: TrackMessagesPorts, batch: Batch): Promise<TrackedMessages> {
  const errors: unknown[] = [];
  const total = { objects: 0, parked: 0, events: 0, runs: 0, incidents: 0 };
  const track = async ({ body, attributes }: SQSRecord): Promise<void> => {
    for (const object of landedObjects(body)) {
      const { events, transitions, parked, failures } = await trackObject(ports.store, ports.live, object);
      if (parked !== undefined) errors.push(parked);
      errors.push(...failures);
      ports.measure?.(transitions);
      const touched = isFirstTry(attributes) ? transitions : transitions.map(asNew);
      const evaluated = await evaluateRuns(ports, touched, ports.clock.now());
      if (evaluated.failures[0] !== undefined) throw evaluated.failures[0];
      total.incidents += evaluated.changed.length;
      total.objects += 1;
      total.parked += parked === undefined ? 0 : 1;
      total.events += events;
      total.runs += transitions.length;
    }
  };
  const processor = new BatchProcessor(EventType.SQS);
  const answer = await processPartialResponse({ Records: [...batch.Records] as SQSRecord[] }, track, processor, {
    // An object is read whole into memory.
    processInParallel: false,
    // SQS brings the messages again either way; a thrown error would only make Lambda poll the queue more slowly.
    throwOnFullBatchFailure: false,
  });
  const messages = batch.Records.length;
  const failed = answer.batchItemFailures.length;
  const late = await retryFailed(ports.retryMessages, batch, answer);
  return {
    answer,
    counts: { messages, tracked: messages - failed, failed, ...total },
    errors: [...errors, ...processor.errors, ...late],
  };
}

/**
 * A try that failed may have merged the runs, and died before their pipelines were judged: then nothing has changed any
 * more when the message comes again, and they are judged all the same.
 */
const isFirstTry = ({ ApproximateReceiveCount }: Pick<SQSRecord['attributes'], 'ApproximateReceiveCount'>): boolean =>
  ApproximateReceiveCount === '1';
const asNew = ({ after }: RunTransition): RunTransition => ({ before: undefined, after });

/** Soon at first, because most failures pass; then less often, so that eight tries take most of an hour. */
const RETRY_SECONDS = [20, 60, 180, 540];
const LATER_SECONDS = 720;

/** Resolves to why it could not be done: then the messages come when the queue's visibility timeout is over. */
async function retryFailed(
  retryMessages: RetryMessages,
  { Records }: Batch,
  { batchItemFailures }: SQSBatchResponse,
): Promise<readonly unknown[]> {
  const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const messages = Records.filter(({ messageId }) => failed.has(messageId)).map(({ receiptHandle, attributes }) => ({
    receiptHandle,
    delaySeconds: RETRY_SECONDS[Number(attributes.ApproximateReceiveCount) - 1] ?? LATER_SECONDS,
  }));
  if (messages.length === 0) return [];
  try {
    await retryMessages(messages);
    return [];
  } catch (error) {
    return [error];
  }
}
