import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEventSink } from '../../../adapters/firehose/event-sink.ts';
import { run } from '../cache.ts';
import { credentials } from '../deploy.ts';
import { installProducers } from '../producers.ts';
import { expectToAddUp } from './adding-up.ts';
import { openLedger } from './ledger.ts';
import { startPartlyRefusing } from './partly-refusing.ts';
import { anew, hoursAgo, line } from './told.ts';

const ledger = openLedger();
const folder = mkdtempSync(join(tmpdir(), 'runledger-producers-'));
afterAll(async () => {
  await ledger.live.close();
  rmSync(folder, { recursive: true });
});

let bin = '';
beforeAll(() => {
  bin = installProducers();
});

const process = anew('foreign');
const ended = (run_id: string): string =>
  `${line({ process_name: process, run_id, event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(1) })}\n`;
const { StreamName } = ledger.outputs;

test('boto3, the AWS CLI and the AWS SDK put records that become rows', async () => {
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, Array.from({ length: 1000 }, (_, at) => ended(`boto3-${at}`)).join(''));
  const script = join('test', 'foreign', 'boto3_put.py');
  const said = run(join(bin, 'python'), [script, ledger.aws.endpoint, file, '--stream', StreamName], credentials);
  expect(JSON.parse(said)).toMatchObject({ lines: 1000, failed: 0 });

  const record = JSON.stringify({ Data: ended('aws-cli') });
  const stream = ['--delivery-stream-name', StreamName];
  const cli = ['--endpoint-url', ledger.aws.endpoint, 'firehose', 'put-record', ...stream, '--record', record];
  expect(JSON.parse(run(join(bin, 'aws'), [...cli, '--output', 'json'], credentials))).toHaveProperty('RecordId');

  const sdk = await new FirehoseClient(ledger.aws).send(
    new PutRecordBatchCommand({
      DeliveryStreamName: StreamName,
      Records: ['1', '2'].map((run) => ({ Data: Buffer.from(ended(`sdk-${run}`)) })),
    }),
  );
  expect(sdk.FailedPutCount).toBe(0);

  await expectToAddUp(ledger);
  const rows = await ledger.ask(
    `select regexp_extract(run_id, '^(boto3|aws-cli|sdk)') as producer, cast(count(*) as bigint) as runs
    from current_runs where process_name = '${process}' and status = 'SUCCESS' group by 1 order by 1`,
    { producer: { type: 'varchar', comment: 'who sent it' }, runs: { type: 'bigint', comment: 'how many' } },
  );
  expect(rows).toEqual([
    { producer: 'aws-cli', runs: 1 },
    { producer: 'boto3', runs: 1000 },
    { producer: 'sdk', runs: 2 },
  ]);
});

test('records that Firehose refuses are put again, and those alone', async () => {
  const firehose = await startPartlyRefusing(ledger.aws.endpoint);
  try {
    const client = new FirehoseClient({ ...ledger.aws, endpoint: firehose.url });
    const sink = openEventSink({ client, stream: StreamName });
    const records = Array.from({ length: 9 }, (_, at) => Buffer.from(ended(`refused-${at}`)));
    expect(await sink.send(records)).toMatchObject({ received: 9, accepted: 9 });
    expect(firehose.calls).toEqual([9, 4]);
  } finally {
    firehose.close();
  }
  await expectToAddUp(ledger);
  const [rows] = await ledger.ask(
    `select cast(count(*) as bigint) as n from pipeline_logs
    where process_name = '${process}' and run_id like 'refused-%'`,
    { n: { type: 'bigint', comment: 'rows' } },
  );
  expect(rows).toEqual({ n: 9 });
});
