import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { openRecoveryStore } from '../../../adapters/dynamodb/recovery-store.ts';
import { watermarkKey } from '../../../adapters/dynamodb/watermarks.ts';
import { buildCommandLine, commandLine } from '../command-line.ts';
import { type Person, signInWith } from '../sign-in.ts';
import { invoke, until } from './functions.ts';
import { openLedger } from './ledger.ts';
import { anew, hoursAgo, line } from './told.ts';
import { queueOf, type TopicMessage } from './topic-queue.ts';

interface Asked {
  readonly pipeline: string;
  readonly run_id: string;
  readonly run_attempt: number;
  readonly parent_run_id: string | null;
  readonly params: Readonly<Record<string, string>>;
}

const ledger = openLedger();
const { MailTopicArn, ChatTopicArn } = ledger.outputs;
const recoveries = openRecoveryStore({ client: ledger.database, table: ledger.outputs.TableName });
const folder = mkdtempSync(join(tmpdir(), 'runledger-recovery-'));
const cli = commandLine(ledger.outputs.WorkgroupName);

/** A service that starts runs: what it was asked for, in the order in which it was. */
const asked: Asked[] = [];
const starter = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    asked.push((JSON.parse(Buffer.concat(parts).toString('utf8')) as { readonly data: Asked }).data);
    response.statusCode = 202;
    response.end();
  });
});
const askedFor = (pipeline: string) => asked.filter((each) => each.pipeline === pipeline);
const parameter = `/runledger/${anew('starter')}`;

let received: () => Promise<readonly TopicMessage[]>;
let responder: Person;
let reader: Person;
beforeAll(async () => {
  starter.listen(0, '127.0.0.1');
  await once(starter, 'listening');
  const Value = `http://127.0.0.1:${(starter.address() as AddressInfo).port}/start`;
  await new SSMClient(ledger.aws).send(new PutParameterCommand({ Name: parameter, Value, Type: 'SecureString' }));
  received = await queueOf(ledger.aws, anew('recovery'), [ChatTopicArn, MailTopicArn]);
  const { ReaderPolicyArn, ResponderPolicyArn } = ledger.outputs;
  reader = await signInWith(inject('awsUrl'), ReaderPolicyArn);
  responder = await signInWith(inject('awsUrl'), ReaderPolicyArn, ResponderPolicyArn);
  await buildCommandLine();
});
afterAll(async () => {
  writeFileSync(join(folder, 'none.yaml'), 'version: 1\n');
  await cli(responder, 'pipelines', 'apply', join(folder, 'none.yaml'));
  await ledger.live.close();
  starter.close();
  rmSync(folder, { recursive: true });
});

const applied = async (pipeline: string, retry: string) => {
  const file = join(folder, `${pipeline}.yaml`);
  const restart = `restart: { http: { url: "ssm:${parameter}" } }`;
  writeFileSync(file, `version: 1\npipelines: { ${pipeline}: { ${restart}, idempotent: merge, ${retry} } }\n`);
  expect(await cli(responder, 'pipelines', 'apply', file)).toMatchObject({ code: 0 });
};
const fails = (process_name: string, more: object = {}) =>
  ledger.send([
    line({
      ...{ process_name, run_id: 'run', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0) },
      ...{ error: { error_code: 'T101', message: 'the source was away' }, ...more },
    }),
  ]);
const decisionsOn = async (process_name: string) =>
  (await recoveries.listRecoveries({ environment: 'prod', process_name, limit: 10 })).flatMap(({ decisions }) =>
    decisions.map(({ kind, reason }) => [kind, reason]),
  );
/**
 * Ticks as the minute clock does. MiniStack 1.5.33 holds `CreateSchedule` against the default group, whatever group a request
 * names, and so refuses what the policy allows: here the clock alone wakes what starts runs.
 */
const untilAsked = (pipeline: string, times: number) =>
  until(
    `${pipeline} is started ${times} times`,
    async () => {
      await invoke('check-deadlines');
      return askedFor(pipeline);
    },
    (all) => all.length >= times,
    120_000,
  );
/** What both topics have said of this pipeline until now. */
const toldOf = async (process: string) => (await received()).filter(({ text }) => text.includes(process));
/** A trouble that is told later than what this test waits for would have been told. */
async function afterwards(): Promise<void> {
  const other = anew('after');
  await ledger.send([line({ process_name: other, run_id: 'run', event_type: 'RUN_END', status: 'FAILED' })]);
  await until(
    'another one is told',
    () => toldOf(other),
    (told) => told.length >= 2,
  );
}

test('a failed run is started again once, by the clock alone, however many decide and carry out at once; nobody is told', async () => {
  const process = anew('flaky');
  await applied(process, 'retry: { by: ledger, max_attempts: 2, backoff: 3s }');
  await fails(process);
  const [start] = await untilAsked(process, 1);
  expect(start).toMatchObject({ run_id: 'run-try2', run_attempt: 2, parent_run_id: 'run' });
  await ledger.tracked();
  const calls = ['check-deadlines', 'recover', 'recover', 'check-deadlines', 'recover'] as const;
  await Promise.all(calls.map((each) => invoke(each)));
  const child = { process_name: process, run_id: 'run-try2', run_attempt: 2, parent_run_id: 'run' };
  await ledger.send([
    line({ ...child, event_type: 'RUN_START', created_at: hoursAgo(0) }),
    line({ ...child, event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(0) }),
  ]);
  await ledger.tracked();
  await invoke('check-deadlines');
  await invoke('recover');
  expect(askedFor(process)).toHaveLength(1);
  expect(await decisionsOn(process)).toEqual([
    ['restart', 'RETRYABLE'],
    ['started', 'DONE'],
  ]);
  const [recovery] = await recoveries.listRecoveries({ environment: 'prod', process_name: process, limit: 1 });
  expect(recovery?.restarts.map(({ state }) => state)).toEqual(['heard']);
  await afterwards();
  expect(await toldOf(process)).toEqual([]);
});

test('decisions are events of their runs in the lake, and lines of the log, from which a lost store comes back', async () => {
  const process = anew('logged');
  await applied(process, 'retry: { by: ledger, max_attempts: 2, backoff: 1s }');
  await fails(process);
  await untilAsked(process, 1);
  const told = await until(
    'its decisions are told',
    async () => (await recoveries.listRecoveries({ environment: 'prod', process_name: process, limit: 1 }))[0],
    (found) => found?.told === 2,
  );
  expect(told?.changes).toBe(2);
  await ledger.settle();
  const rows = await ledger.ask(
    `select tags['recovery'] as decision from pipeline_logs where process_name = '${process}' and reporter = 'runledger' order by event_time, event_id`,
    { decision: { type: 'varchar', comment: 'what was decided' } },
  );
  expect(rows.map(({ decision }) => decision)).toEqual(['restart', 'started']);
  expect(await cli(responder, 'recoveries', 'restore')).toMatchObject({
    code: 0,
    out: expect.stringMatching(/the decisions about \d+ slots? are in the log/),
  });
});

test('when the last attempt failed too, people are told once, with that', async () => {
  const process = anew('broken');
  await applied(process, 'retry: { by: ledger, max_attempts: 2, backoff: 1s }');
  await fails(process);
  await untilAsked(process, 1);
  await fails(process, { run_id: 'run-try2', run_attempt: 2, parent_run_id: 'run' });
  const told = await until(
    'it is told',
    () => toldOf(process),
    (all) => all.length >= 2,
  );
  for (const { text } of told) expect(text).toMatch(/retries exhausted|RETRIES_EXHAUSTED/i);
  await afterwards();
  expect(await toldOf(process)).toHaveLength(2);
  expect((await decisionsOn(process)).at(-1)).toEqual(['escalate', 'EXHAUSTED']);
});

test('the person on call replays a run by hand; who only reads may see the plan, and start nothing', async () => {
  const process = anew('replayed');
  await applied(process, 'retry: { by: orchestrator, max_attempts: 1 }');
  await fails(process);
  await ledger.tracked();
  const plan = await cli(reader, 'replay', 'run', '--pipeline', process, '--dry-run');
  expect(plan).toMatchObject({ code: 0, out: expect.stringContaining('runs again as run-replay-') });
  const refused = await cli(reader, 'replay', 'run', '--pipeline', process, '--yes');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('ResponderPolicyArn') });
  expect(askedFor(process)).toEqual([]);

  const args = ['replay', 'run', '--pipeline', process, '--param', 'workers=8', '--yes', '--json'];
  const done = await cli(responder, ...args);
  expect(done).toMatchObject({ code: 0 });
  expect(JSON.parse(done.out)).toMatchObject({ restart: { state: 'started', of_run_id: 'run' } });
  expect(askedFor(process)).toMatchObject([{ parent_run_id: 'run', params: { workers: '8' } }]);
  const listed = await cli(reader, 'recoveries', '--pipeline', process);
  expect(listed).toMatchObject({ code: 0, out: expect.stringContaining('REQUESTED') });
});

test('a watermark that is set by hand holds in the tables, and where jobs read it', async () => {
  const process = anew('loaded');
  await ledger.send([
    line({
      ...{ process_name: process, run_id: 'run', event_type: 'RUN_END', status: 'SUCCESS', created_at: hoursAgo(1) },
      data_interval_end: '2026-01-03T00:00:00.000Z',
    }),
  ]);
  await ledger.settle();
  const args = ['watermark', 'set', process, '2026-01-01T00:00:00Z', '--reason', 'the source was restored'];
  expect(await cli(reader, ...args)).toMatchObject({ code: 1, err: expect.stringContaining('ResponderPolicyArn') });
  expect(await cli(responder, ...args)).toMatchObject({ code: 0 });
  expect(await cli(reader, 'watermark', 'get', process)).toMatchObject({
    code: 0,
    out: expect.stringContaining('2026-01-01T00:00:00.000Z'),
  });
  const key = watermarkKey({ process_name: process, environment: 'prod' });
  const { Item } = await ledger.database.send(new GetCommand({ TableName: ledger.outputs.TableName, Key: key }));
  expect(Item).toMatchObject({ data_until: '2026-01-01T00:00:00.000Z', last_success_run_id: 'run' });
});
