import { FirehoseClient, PutRecordBatchCommand, type PutRecordBatchInput } from '@aws-sdk/client-firehose';
import { mockClient } from 'aws-sdk-client-mock';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { eventSinkContract } from '../../contracts/event-sink.contract.ts';
import { ACCEPTED_LATER } from './gaps.ts';

/** A stream that keeps what it is sent, but of the first call only every second record; `overload` fills it. */
eventSinkContract('Firehose (mocked)', async () => {
  const client = new FirehoseClient({ region: 'us-east-1' });
  const kept: string[] = [];
  let calls = 0;
  let isFull = false;
  mockClient(client)
    .on(PutRecordBatchCommand)
    .callsFake(({ Records = [] }: PutRecordBatchInput) => {
      calls += 1;
      const answers = Records.map(({ Data }, at) => {
        if (isFull || (calls === 1 && at % 2 === 1)) return { ErrorCode: 'ServiceUnavailableException' };
        kept.push(Buffer.from(Data ?? []).toString());
        return { RecordId: `${calls}-${at}` };
      });
      return { FailedPutCount: answers.filter((each) => 'ErrorCode' in each).length, RequestResponses: answers };
    });
  return {
    sink: openEventSink({ client, stream: 'events', pause: async () => undefined }),
    taken: async () => kept.flatMap((record) => record.split('\n')).filter((line) => line.trim() !== '').length,
    overload: () => {
      isFull = true;
    },
  };
}, [ACCEPTED_LATER]);
