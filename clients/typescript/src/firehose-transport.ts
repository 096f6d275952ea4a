import { backoffMs, pause } from './backoff.ts';
import { nodeRuntime, type Runtime } from './runtime.ts';
import { type Transport, TransportError } from './transport.ts';
import { unexpected } from './wire-value.ts';

/** The one method that is used of a `FirehoseClient` of the AWS SDK for JavaScript v3. */
export interface FirehoseSender {
  send(command: unknown, options?: unknown): Promise<unknown>;
}

export interface FirehoseTransportOptions {
  /** Name of the delivery stream. */
  readonly stream: string;
  /** Default: `new FirehoseClient()`, which takes region and credentials from the environment. */
  readonly client?: FirehoseSender | undefined;
  /** How often entries that the stream did not take are sent in all. Default: 4. */
  readonly tries?: number | undefined;
}

const BASE_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

/**
 * Sends events to Amazon Data Firehose by `PutRecordBatch`, and again those entries that were not taken. Needs the
 * package `@aws-sdk/client-firehose`, loaded when the first events are sent. Throws a TypeError for a wrong option.
 */
export function firehoseTransport(options: FirehoseTransportOptions, runtime: Runtime = nodeRuntime): Transport {
  const { stream, tries = 4 } = options;
  if (typeof stream !== 'string' || stream.trim() === '')
    throw unexpected('stream', 'the name of a delivery stream', stream);
  if (options.client !== undefined && typeof options.client?.send !== 'function')
    throw unexpected('client', 'a FirehoseClient', options.client);
  if (!Number.isSafeInteger(tries) || tries < 1) throw unexpected('tries', 'a positive integer', tries);
  let own: FirehoseSender | undefined;

  return {
    name: `firehose:${stream.trim()}`,
    async send(records, signal) {
      const { FirehoseClient, PutRecordBatchCommand } = await loadSdk();
      own ??= options.client ?? (new FirehoseClient() as FirehoseSender);
      let unsent: readonly number[] = records.map((_, index) => index);
      for (let failures = 1; ; failures++) {
        const Records = unsent.map((index) => ({ Data: records[index] }));
        const command = new PutRecordBatchCommand({ DeliveryStreamName: stream, Records });
        const answer = await own.send(command, { abortSignal: signal }).then(
          (output) => output as BatchAnswer,
          (error: unknown) => Promise.reject(failureOf(error, stream, unsent)),
        );
        const { indexes, code } = untaken(answer, unsent);
        if (indexes.length === 0) return undefined;
        unsent = indexes;
        if (failures < tries && !signal.aborted)
          await pause(backoffMs(failures, BASE_PAUSE_MS, MAX_PAUSE_MS, runtime), signal, runtime);
        if (failures >= tries || signal.aborted) {
          const message = `Expected stream ${stream} to take every record, got ${code} for ${unsent.length} of ${records.length}`;
          throw new TransportError(message, { retryable: true, unsent });
        }
      }
    },
  };
}

interface BatchAnswer {
  readonly FailedPutCount?: number;
  readonly RequestResponses?: readonly { readonly ErrorCode?: string }[];
}

/** The answer identifies entries by their index in the request. */
function untaken(answer: BatchAnswer, sent: readonly number[]): { indexes: readonly number[]; code: string } {
  if (!answer.FailedPutCount) return { indexes: [], code: '' };
  const entries = answer.RequestResponses ?? [];
  const failed = sent.filter((_, index) => entries[index]?.ErrorCode !== undefined);
  const code = entries.find((entry) => entry.ErrorCode !== undefined)?.ErrorCode ?? 'no reason';
  // The answer counts failures but names none: send all again. The ledger drops duplicates.
  return { indexes: failed.length > 0 ? failed : sent, code };
}

/** The SDK has already retried transient errors. An error of the caller stays one. */
function failureOf(cause: unknown, stream: string, unsent: readonly number[]): TransportError {
  const { name = 'an error', message = '', $fault, $metadata, $retryable } = (cause ?? {}) as Partial<SdkError>;
  const status = $metadata?.httpStatusCode ?? 0;
  const isTransient =
    $retryable !== undefined || status === 429 || status >= 500 || /throttl|timeout|slow ?down/i.test(name);
  return new TransportError(`Expected stream ${stream} to take ${unsent.length} records, got ${name}: ${message}`, {
    // Credentials can come back while the events wait; a wrong name of a stream will not become right.
    retryable: isTransient || $fault !== 'client' || LACKS_RIGHTS.test(name),
    unsent,
    cause,
  });
}

/** What the SDK and AWS call credentials that are missing, wrong or expired, and rights that are not given. */
const LACKS_RIGHTS =
  /Credentials|ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|InvalidSignature|AccessDenied|AuthFailure|InvalidAccessKeyId/;

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly $fault: 'client' | 'server';
  readonly $metadata: { readonly httpStatusCode?: number };
  readonly $retryable: unknown;
}

function loadSdk() {
  return import('@aws-sdk/client-firehose').catch((cause: unknown) => {
    const message =
      'Expected the package @aws-sdk/client-firehose to be installed; run `npm install @aws-sdk/client-firehose`';
    throw new TransportError(message, { retryable: false, cause });
  });
}
