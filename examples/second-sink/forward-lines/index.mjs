import { gunzipSync } from 'node:zlib';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';

const s3 = new S3Client();
const firehose = new FirehoseClient();

/** Firehose takes 500 records and 4 MiB in one call. */
const MAX_RECORDS = 500;
const MAX_BYTES = 3_500_000;

/** Sends the lines of each landed object of a batch of messages on. A message that fails stays in the queue. */
export async function handler({ Records }) {
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    try {
      const { bucket, object } = JSON.parse(body).detail;
      for (const lines of batchesOf(await linesIn(bucket.name, object.key))) await send(lines);
    } catch (error) {
      console.error(error);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

/** Objects of the stream are packed; those that the ledger put there itself are not. */
async function linesIn(bucket, key) {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const bytes = Buffer.from(await Body.transformToByteArray());
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '');
}

function* batchesOf(lines) {
  let batch = [];
  let size = 0;
  for (const line of lines) {
    const bytes = Buffer.byteLength(line) + 1;
    if (batch.length === MAX_RECORDS || (batch.length > 0 && size + bytes > MAX_BYTES)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(line);
    size += bytes;
  }
  if (batch.length > 0) yield batch;
}

/** The one place to change for another sink. */
async function send(lines) {
  const Records = lines.map((line) => ({ Data: Buffer.from(`${line}\n`) }));
  const { FailedPutCount } = await firehose.send(
    new PutRecordBatchCommand({ DeliveryStreamName: process.env.SINK_STREAM, Records }),
  );
  if (FailedPutCount > 0) throw new Error(`expected every line to be taken, but ${FailedPutCount} were not`);
}
