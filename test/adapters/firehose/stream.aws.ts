import { CreateDeliveryStreamCommand, FirehoseClient, type FirehoseClientConfig } from '@aws-sdk/client-firehose';
import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { openObjectStore } from '../../../adapters/s3/object-store.ts';

/** Sends to a real stream that lands untransformed in a bucket. */
export function firehoseBehaviour(config: FirehoseClientConfig & S3ClientConfig): void {
  test('Firehose lands what the sink sends', async () => {
    const client = new FirehoseClient(config);
    const s3 = new S3Client(config);
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
    const records = Array.from({ length: 20 }, (_, index) => Buffer.from(`{"n":${index}}\n{"n":${index}}\n`));
    const landed = await openEventSink({ client, stream }).send(records);
    expect(landed).toEqual({ received: 40, accepted: 40, rejected: 0 });

    const store = openObjectStore({ client: s3, bucket });
    await expect.poll(() => linesIn(store), { timeout: 20_000 }).toBe(40);
  });

  test('Firehose without such a stream is told', async () => {
    const sink = openEventSink({ client: new FirehoseClient(config), stream: 'missing' });
    await expect(sink.send([Buffer.from('{}')])).rejects.toThrow('Check its name, the region and the account');
  });
}

async function linesIn(store: ReturnType<typeof openObjectStore>): Promise<number> {
  let lines = 0;
  for await (const { key } of store.list('raw/'))
    lines += new TextDecoder()
      .decode(await store.get(key))
      .split('\n')
      .filter(Boolean).length;
  return lines;
}
