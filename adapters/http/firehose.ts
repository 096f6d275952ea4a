import { randomUUID } from 'node:crypto';
import type { Context, Handler } from 'hono';
import type { EventSink } from '../../core/ports/event-sink.ts';
import { AwsError, awsAnswer } from './aws-answer.ts';
import { readBody } from './body.ts';
import { callTooLarge, type Input, inputOf, pageOf, putOf, streamNameOf } from './firehose-input.ts';
import { HttpError } from './http-error.ts';

const TARGET = /^Firehose_20150804\.(\w+)$/;
/** What is listed when every name is accepted. */
const ANY_STREAM = ['runledger'];
/**
 * 4 MiB of data is 5.34 MiB of base64. The rest is for JSON around 500 records and for serialisers that write `+` and
 * `/` as escapes.
 */
const MAX_BODY_BYTES = 6 * 1024 * 1024;

/**
 * The part of Firehose's API that producers need, as the AWS SDKs, boto3 and the AWS CLI speak it (JSON 1.1, POST /).
 * Success is answered only once everything is on disk; a batch is taken whole or not at all.
 */
export const firehose =
  (sink: EventSink, streams?: readonly string[]): Handler =>
  async (c) => {
    const operation = operationOf(c.req.header('x-amz-target'));
    const input = inputOf(await readBody(c.req.raw, MAX_BODY_BYTES).catch(tooLargeInAwsWords));
    const requestId = randomUUID();
    return awsAnswer(await operation(input, { sink, streams, requestId }), { requestId });
  };

/** Whether a request is meant for this API, and so has to be answered in its way even when it is refused. */
export const isFirehose = (c: Context): boolean =>
  c.req.header('x-amz-target') !== undefined || (c.req.method === 'POST' && c.req.path === '/');

interface Call {
  readonly sink: EventSink;
  readonly streams: readonly string[] | undefined;
  readonly requestId: string;
}
type Operation = (input: Input, call: Call) => Promise<object> | object;

const operations: Readonly<Record<string, Operation>> = {
  async PutRecord(input, { sink, streams, requestId }) {
    const { stream, records } = putOf(input, 'one');
    known(stream, streams);
    await sink.send(records);
    return { RecordId: `${requestId}.0`, Encrypted: false };
  },

  async PutRecordBatch(input, { sink, streams, requestId }) {
    const { stream, records } = putOf(input, 'batch');
    known(stream, streams);
    await sink.send(records);
    const RequestResponses = records.map((_, index) => ({ RecordId: `${requestId}.${index}` }));
    return { FailedPutCount: 0, Encrypted: false, RequestResponses };
  },

  DescribeDeliveryStream(input, { streams }) {
    const name = streamNameOf(input);
    known(name, streams);
    return {
      DeliveryStreamDescription: {
        DeliveryStreamName: name,
        DeliveryStreamARN: `arn:aws:firehose:local:${ACCOUNT}:deliverystream/${name}`,
        DeliveryStreamStatus: 'ACTIVE',
        DeliveryStreamType: 'DirectPut',
        VersionId: '1',
        Destinations: [{ DestinationId: 'destinationId-000000000001' }],
        HasMoreDestinations: false,
      },
    };
  },

  ListDeliveryStreams(input, { streams = ANY_STREAM }) {
    const { limit, after, type } = pageOf(input);
    const left = ['', 'DirectPut'].includes(type) ? streams.filter((name) => name > after).sort() : [];
    return { DeliveryStreamNames: left.slice(0, limit), HasMoreDeliveryStreams: left.length > limit };
  },
};

/** What of Firehose's API there is. */
export const FIREHOSE_OPERATIONS = Object.keys(operations);

/** No account is behind this; SDKs check that an ARN names twelve digits. */
const ACCOUNT = '000000000000';

function known(stream: string, streams: readonly string[] | undefined): void {
  if (streams === undefined || streams.includes(stream)) return;
  throw new AwsError('ResourceNotFoundException', `Firehose ${stream} under account ${ACCOUNT} not found.`);
}

function operationOf(target: string | undefined): Operation {
  const name = TARGET.exec(target ?? '')?.[1] ?? '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation !== undefined) return operation;
  const came = target === undefined ? 'none' : target.slice(0, 100);
  const known = Object.keys(operations).join(', ');
  const message = `expected X-Amz-Target Firehose_20150804 with one of ${known}, but got ${came}; plain NDJSON goes to POST /events`;
  throw new AwsError('UnknownOperationException', message);
}

/** A body that cannot hold a call of 4 MiB is refused unread, in the words for a call of more than 4 MiB. */
function tooLargeInAwsWords(error: unknown): never {
  throw error instanceof HttpError && error.code === 'too_large' ? callTooLarge() : error;
}
