import { CreateDeliveryStreamCommand, FirehoseClient, type FirehoseClientConfig } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../../../adapters/s3/object-store.ts';
import type { EventSink } from '../../../core/ports/event-sink.ts';
import type { ObjectStore } from '../../../core/ports/object-store.ts';
import { eventSinkContract } from '../../contracts/event-sink.contract.ts';
import { ACCEPTED_LATER, NEVER_FULL } from './gaps.ts';

/** Sends to real streams that land untransformed in a bucket, a new one for each sentence. */
export function firehoseBehaviour(config: FirehoseClientConfig & S3ClientConfig): void {
  const client = new FirehoseClient(config);
  const s3 = new S3Client(config);

  async function newStream(): Promise<{ readonly sink: EventSink; readonly store: ObjectStore }> {
    const bucket = `contract-stream-${crypto.randomUUID()}`;
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    const stream = `contract-${crypto.randomUUID()}`;
    await client.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: stream,
        DeliveryStreamType: 'DirectPut',
        ExtendedS3DestinationConfiguration: {
          BucketARN: `arn:aws:s3:::${bucket}`,
          RoleARN: 'arn:aws:iam::000000000000:role/any',
          Prefix: 'raw/',
        },
      }),
    );
    return { sink: openEventSink({ client, stream }), store: openObjectStore({ client: s3, bucket }) };
  }

  eventSinkContract('Firehose', async () => {
    const { sink, store } = await newStream();
    return { sink, taken: () => linesIn(store), overload: () => undefined };
  }, [ACCEPTED_LATER, NEVER_FULL]);

  test('Firehose lands what the sink sends', async () => {
    const { sink, store } = await newStream();
    const records = Array.from({ length: 20 }, (_, index) => Buffer.from(`{"n":${index}}\n{"n":${index}}\n`));
    expect(await sink.send(records)).toEqual({ received: 40, accepted: 40, rejected: 0 });
    await expect.poll(() => linesIn(store), { timeout: 20_000 }).toBe(40);
  });

  test('Firehose without such a stream is told', async () => {
    const sink = openEventSink({ client, stream: 'missing' });
    await expect(sink.send([Buffer.from('{}')])).rejects.toThrow('Check its name, the region and the account');
  });
}

async function linesIn(store: ObjectStore): Promise<number> {
  let lines = 0;
  for await (const { key } of store.list('raw/'))
    lines += new TextDecoder()
      .decode(await store.get(key))
      .split('\n')
      .filter((line) => line.trim() !== '').length;
  return lines;
}
