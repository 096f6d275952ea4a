import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { contentHash } from '../../../adapters/content-hash.ts';
import { incidentKey } from '../../../adapters/dynamodb/incident-item.ts';
import { openIncidentStore } from '../../../adapters/dynamodb/incident-store.ts';
import { openPipelineWatches } from '../../../adapters/dynamodb/pipeline-watches.ts';
import { applyPipelines } from '../../../flows/apply-pipelines.ts';
import { run } from '../cache.ts';
import { buildCommandLine, commandLine } from '../command-line.ts';
import { installProducers } from '../producers.ts';
import { signInWith } from '../sign-in.ts';
import { invoke, until } from './functions.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, hoursAgo, line } from './told.ts';
import { queueOf, type TopicMessage } from './topic-queue.ts';

const ledger = openLedger();
const { MailTopicArn, ChatTopicArn } = ledger.outputs;
const bothTopics = [ChatTopicArn, MailTopicArn].sort();
const folder = mkdtempSync(join(tmpdir(), 'runledger-alerts-'));
const cli = commandLine(ledger.outputs.WorkgroupName);
let received: () => Promise<readonly TopicMessage[]>;
beforeAll(async () => {
  received = await queueOf(ledger.aws, anew('alerts'), bothTopics);
  await buildCommandLine();
});
afterAll(async () => {
  await ledger.live.close();
  rmSync(folder, { recursive: true });
});

/** What both topics have said of this pipeline until now. */
const toldOf = async (process: string): Promise<readonly TopicMessage[]> =>
  (await received()).filter(({ text }) => text.includes(process));
const topicsOf = (told: readonly TopicMessage[]) => told.map(({ topic }) => topic).sort();
const untilTold = (process: string, times: number) =>
  until(
    `${times} messages of ${process}`,
    () => toldOf(process),
    (told) => told.length >= times,
  );
/** A trouble that is told later than what this test waits for would have been told. */
async function afterwards(): Promise<void> {
  const other = anew('after');
  await ledger.send([
    line({ process_name: other, run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) }),
  ]);
  await untilTold(other, 2);
}

const tables = { client: ledger.database, table: ledger.outputs.TableName };
const judging = {
  ...{ live: ledger.live, store: ledger.store, environment: 'prod' },
  ...{ incidents: openIncidentStore(tables), watches: openPipelineWatches(tables) },
  hash: contentHash,
  holidays: async () => ({ datesOf: () => [] }),
};
/** Lets a file hold as if it had been applied that long ago, and no file once the test is over. */
async function expecting(file: string, hours: number): Promise<void> {
  onTestFinished(() => void applyPipelines(judging, 'version: 1\n', new Date().toISOString()));
  expect(await applyPipelines(judging, file, hoursAgo(hours))).toMatchObject({ problems: [] });
}

test('a failed run that boto3 put is told once on each topic, however often its events come', async () => {
  const process = anew('failing');
  const at = (hours: number) => ({ process_name: process, run_id: 'run', created_at: hoursAgo(hours) });
  const failed = [
    line({ ...at(0.2), event_type: 'RUN_START' }),
    line({
      ...at(0.1),
      event_type: 'RUN_END',
      status: 'FAILED',
      error: { error_code: 'D201', message: 'no column id' },
    }),
  ];
  const data = JSON.stringify(`${failed.join('\n')}\n`);
  run(join(installProducers(), 'python'), [
    '-c',
    `import boto3
client = boto3.client('firehose', endpoint_url='${ledger.aws.endpoint}', region_name='us-east-1', aws_access_key_id='test', aws_secret_access_key='test')
client.put_record(DeliveryStreamName='${ledger.outputs.StreamName}', Record={'Data': ${data}})`,
  ]);
  const told = await untilTold(process, 2);
  expect(topicsOf(told)).toEqual(bothTopics);
  const mail = told.find(({ topic }) => topic === MailTopicArn)?.text ?? '';
  expect(mail).toMatch(new RegExp(`^${process} failed.*D201.*\n\n`));
  for (const each of ['no column id', 'runledger --aws --stack runledger-prod show run', 'severity: P2'])
    expect(mail).toContain(each);
  const chat = JSON.parse(told.find(({ topic }) => topic === ChatTopicArn)?.text ?? '');
  expect(chat).toMatchObject({ version: '1.0', source: 'custom', content: { title: expect.stringContaining('D201') } });

  await ledger.send([...failed, line({ process_name: process, run_id: 'run', event_type: 'HEARTBEAT' })]);
  await ledger.tracked();
  await invoke('check-deadlines');
  await afterwards();
  expect(topicsOf(await toldOf(process))).toEqual(bothTopics);
});

test('a run over its SLA is told once on each topic, by the clock alone, and that it is over once it ended', async () => {
  const process = anew('slow');
  const start = { process_name: process, run_id: 'run', event_type: 'RUN_START', created_at: hoursAgo(0.1) };
  await ledger.send([line({ ...start, sla: { expected_max_duration_ms: 300_000 } })]);
  await ledger.tracked();
  for (let checks = 0; checks < 2; checks++) await invoke('check-deadlines');
  const told = await untilTold(process, 2);
  expect(topicsOf(told)).toEqual(bothTopics);
  for (const { text } of told) expect(text).toMatch(/longer|5 min/);

  await ledger.send([line({ ...start, event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(0) })]);
  const all = await untilTold(process, 4);
  for (const { text } of all.slice(2)) expect(text).toContain('over after');
  await afterwards();
  expect(await toldOf(process)).toHaveLength(4);
});

test('a run that went well, a backfill, and a failure of last week are told to nobody', async () => {
  const [well, backfill, old] = [anew('well'), anew('backfill'), anew('old')];
  const failed = { run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) };
  await ledger.send([
    ...aRun(well, 'run', hoursAgo(0.5)),
    line({ ...failed, process_name: backfill, run_mode: 'backfill' }),
    line({ ...failed, process_name: old, created_at: hoursAgo(24 * 7) }),
  ]);
  await ledger.tracked();
  await afterwards();
  for (const process of [well, backfill, old]) expect(await toldOf(process)).toEqual([]);
});

test('a slot without a run is told once on each topic; acknowledging stops repeats, and a run of the slot ends it', async () => {
  const process = anew('nightly');
  await expecting(
    `version: 1\npipelines: { ${process}: { schedule: { every: 4h, start_grace: 1s }, backfill_after: 1d } }\n`,
    4,
  );
  await invoke('check-deadlines');
  const told = await untilTold(process, 2);
  expect(topicsOf(told)).toEqual(bothTopics);
  for (const { text } of told) expect(text).toContain('was expected to start at');

  const responder = await signInWith(inject('awsUrl'), ledger.outputs.ResponderPolicyArn);
  expect(await cli(responder, 'ack', process)).toMatchObject({ code: 0 });
  await invoke('check-deadlines');
  const acknowledged = await untilTold(process, 4);
  for (const { text } of acknowledged.slice(2)) expect(text).toContain('looks after it');
  await invoke('check-deadlines');
  await afterwards();
  expect(await toldOf(process)).toHaveLength(4);

  const [incident] = await judging.incidents.listIncidents({ process_name: process, limit: 9 });
  const scheduled_for = incident?.slot ?? '';
  await ledger.send(aRun(process, 'late', hoursAgo(0.1)).map((each) => line({ ...JSON.parse(each), scheduled_for })));
  const ended = await untilTold(process, 6);
  for (const { text } of ended.slice(4)) expect(text).toContain('over after');
  const reader = await signInWith(inject('awsUrl'), ledger.outputs.ReaderPolicyArn);
  const story = await cli(reader, 'incident', process, '--json');
  expect(JSON.parse(story.out)).toMatchObject({ status: 'resolved', slot: scheduled_for });
  const denied = await cli(reader, 'silence', 'add', process, '--for', '1h', '--reason', 'none');
  expect(denied).toMatchObject({ code: 1, err: expect.stringContaining('ResponderPolicyArn') });
});

test('incidents that are lost with the live table come back from their log, as people decided', async () => {
  const process = anew('restored');
  await ledger.send([
    line({ process_name: process, run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) }),
  ]);
  await untilTold(process, 2);
  const responder = await signInWith(inject('awsUrl'), ledger.outputs.ResponderPolicyArn);
  expect(await cli(responder, 'resolve', process, '--reason', 'loaded by hand')).toMatchObject({ code: 0 });
  const one = async () => (await judging.incidents.listIncidents({ process_name: process, limit: 9 }))[0];
  const before = await one();
  if (before === undefined) throw new Error('expected an incident');
  await ledger.database.send(new DeleteCommand({ TableName: tables.table, Key: incidentKey(before) }));
  expect(await one()).toBeUndefined();
  const reader = await signInWith(inject('awsUrl'), ledger.outputs.ReaderPolicyArn);
  expect(await cli(reader, 'incidents', 'restore')).toMatchObject({ code: 1 });
  expect(await cli(responder, 'incidents', 'restore')).toMatchObject({ code: 0 });
  const after = await until('the incident is back', one, (found) => found !== undefined);
  expect(after).toMatchObject({
    id: before.id,
    status: 'resolved',
    resolution: expect.stringContaining('loaded by hand'),
  });
  // What had not been told is, and what had been is not told again.
  await invoke('check-deadlines');
  const told = await untilTold(process, 4);
  for (const { text } of told.slice(2)) expect(text).toContain('over after');
  await afterwards();
  expect(await toldOf(process)).toHaveLength(4);
});

test('a route posts to a webhook, whose address and secret are the account’s; the person on call applies the file', async () => {
  const posts: { readonly signature: unknown; readonly body: string }[] = [];
  const receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts.push({ signature: request.headers['webhook-signature'], body: Buffer.concat(parts).toString('utf8') });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  const [parameter, secret] = [`/runledger/${anew('url')}`, `runledger/${anew('secret')}`];
  await new SSMClient(ledger.aws).send(new PutParameterCommand({ Name: parameter, Value: url, Type: 'SecureString' }));
  await new SecretsManagerClient(ledger.aws).send(new CreateSecretCommand({ Name: secret, SecretString: 'a secret' }));
  const process = anew('hooked');
  const file = join(folder, 'pipelines.yaml');
  const text = (pipeline: string) =>
    `version: 1\nroutes: { hook: { webhook: { url: "ssm:${parameter}", secret: "secretsmanager:${secret}" }, pipelines: [${pipeline}] } }\npipelines: { ${pipeline}: {} }\n`;
  const responder = await signInWith(inject('awsUrl'), ledger.outputs.ResponderPolicyArn);
  writeFileSync(file, text(process).replace('version: 1', 'version: 7'));
  expect(await cli(responder, 'pipelines', 'apply', file)).toMatchObject({ code: 1 });
  writeFileSync(file, text(process));
  onTestFinished(() => void applyPipelines(judging, 'version: 1\n', new Date().toISOString()));
  expect(await cli(responder, 'pipelines', 'apply', file)).toMatchObject({ code: 0 });

  await ledger.send([
    line({ process_name: process, run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) }),
  ]);
  const [post] = await until(
    'the webhook gets a post',
    async () => posts,
    (all) => all.length > 0,
  );
  expect(post?.signature).toMatch(/^v1,/);
  expect(JSON.parse(post?.body ?? '')).toMatchObject({
    type: 'runledger.incident.opened',
    data: { pipeline: process, status: 'open', reasons: ['FAILED'], run_ids: ['run'] },
  });
  expect(await toldOf(process), 'no other route takes it').toEqual([]);
  const lines = await ledger.keysIn('incidents/');
  expect(lines.length).toBeGreaterThan(1);
});
