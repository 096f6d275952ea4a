import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { runKey } from '../../adapters/dynamodb/run-item.ts';
import { openWriterLease } from '../../adapters/dynamodb/writer-lease.ts';
import { GZIP_LIMITS } from '../../aws/statement-limits.ts';
import type { Finding } from '../../cli/doctor/check.ts';
import type { RebuildReport } from '../../core/rebuild-report.ts';
import type { ShownRun, ShownRunDetail } from '../../core/run/shown-run.ts';
import { catchUp } from '../../flows/catch-up.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { buildCommandLine, commandLine, type Ended } from './command-line.ts';
import { deploy } from './deploy.ts';
import { until } from './deployed/functions.ts';
import { type Ledger, openLedger } from './deployed/ledger.ts';
import { type Person, signInWith } from './sign-in.ts';

/** A stack of its own, beside the one of the other suites: what it is sent and how it is hurt is nobody else's. */
const STACK = 'runledger-cli';
let ledger: Ledger;
/** Who has OperatorPolicy, and no other right. */
let operator: Person;
const PIPELINE = `by_cli_${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'runledger-cli-'));
beforeAll(async () => {
  const awsUrl = inject('awsUrl');
  const options = { pipelinesFile: 'examples/pipelines.yaml' };
  ledger = openLedger(await deploy({ awsUrl, folder, environment: 'cli', options }));
  operator = await signInWith(awsUrl, ledger.outputs.OperatorPolicyArn);
  await buildCommandLine();
});
afterAll(async () => {
  await ledger.live.close();
  rmSync(folder, { recursive: true });
});

const cliOf = commandLine(STACK);
const cli = (...args: readonly string[]): Promise<Ended> => cliOf(operator, ...args);

const json = async <Answer>(...args: readonly string[]): Promise<Answer> => {
  const { out, err } = await cli(...args, '--json');
  if (out === '') throw new Error(err);
  return JSON.parse(out) as Answer;
};

const at = (minute: number): string => new Date(Date.now() - (60 - minute) * 60_000).toISOString();
const event = (run_id: string, minute: number, more: object) => ({
  process_name: PIPELINE,
  run_id,
  updated_at: at(minute),
  ...more,
});
const run = (run_id: string) => [
  event(run_id, 0, { event_type: 'RUN_START', start_time: at(0) }),
  event(run_id, 1, { event_type: 'STEP_START', step_name: 'load', step_index: 1 }),
  event(run_id, 5, { event_type: 'STEP_END', step_name: 'load', step_index: 1, status: 'SUCCESS', records_out: 12 }),
  event(run_id, 6, { event_type: 'RUN_END', status: 'SUCCESS', end_time: at(6) }),
];

const BAD = `{"process_name":"${PIPELINE}","status":"SUCCESS"}`;

async function ingest(lines: readonly string[]): Promise<Ended> {
  const file = join(folder, 'events.ndjson');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return cli('ingest', file);
}

/** Everything that landed, in every table: what the stages do at their next tick. */
async function settle(): Promise<void> {
  await ledger.tracked();
  await catchUp({ ...ledger, clock: systemClock, limits: GZIP_LIMITS });
}

test('what was ingested is listed, shown and asked', async () => {
  const sent = await ingest([...[...run('one'), ...run('two')].map((each) => JSON.stringify(each)), BAD]);
  expect(sent).toMatchObject({ code: 0, out: '9 lines sent\n' });

  const runs = await until(
    'both runs are listed',
    () => json<readonly ShownRun[]>('runs', '--process', PIPELINE),
    (listed) => listed.length === 2 && listed.every(({ status }) => status === 'SUCCESS'),
  );
  expect(runs.map(({ run_id }) => run_id).sort()).toEqual(['one', 'two']);
  const shown = await cli('show', 'one', '--process', PIPELINE);
  expect(shown.out).toMatch(/^SUCCESS {2}by_cli_\d+ {2}one\n[\s\S]*load +.*SUCCESS +4 min/);
  expect(shown.out, 'what to type next asks the same ledger').toContain(
    `runledger --aws --stack ${STACK} events one --pipeline ${PIPELINE}`,
  );

  await settle();
  const asked = await cli(
    'query',
    '--json',
    `select run_id, records_out from current_runs where process_name = '${PIPELINE}' order by 1`,
  );
  expect(JSON.parse(asked.out)).toEqual([
    { run_id: 'one', records_out: 12 },
    { run_id: 'two', records_out: 12 },
  ]);
  expect(asked.err).toMatch(/^2 rows in [\d,]+ ms; .*B scanned, (about|less than) \$/);
});

test('the file of pipelines that came with the deployment holds', async () => {
  const reader = await signInWith(inject('awsUrl'), ledger.outputs.ReaderPolicyArn);
  expect(await cliOf(reader, 'pipelines', 'current')).toEqual({
    code: 0,
    out: readFileSync('examples/pipelines.yaml', 'utf8'),
    err: expect.stringMatching(/^applied \S+ \S+ UTC by a deployment\n$/),
  });
  const expected = await cliOf(reader, 'expected', '--json');
  expect(JSON.parse(expected.out)).toEqual([]);
});

test('a person who has ReaderPolicy alone lists, shows and asks, and changes nothing', async () => {
  const reader = await signInWith(inject('awsUrl'), ledger.outputs.ReaderPolicyArn);
  const readerCli = (...args: readonly string[]) => cliOf(reader, ...args);
  expect((await readerCli('runs', '--process', PIPELINE)).out).toMatch(/one[\s\S]*two|two[\s\S]*one/);
  expect((await readerCli('show', 'one', '--process', PIPELINE)).out).toContain('SUCCESS');
  expect((await readerCli('query', 'select count(*) as n from current_runs')).code).toBe(0);
  expect((await readerCli('rejections')).out).toContain('missing_identity');
  for (const change of [['rebuild'], ['ingest', join(folder, 'events.ndjson')]]) {
    const { code, err } = await readerCli(...change);
    expect({ change, code: code === 0 ? 0 : 'an error', err }).toEqual({
      ...{ change, code: 'an error' },
      err: expect.stringMatching(/not authorized|may not/),
    });
  }
});

test('a run that the live store has forgotten is recalled from the lake, with its steps', async () => {
  const { environment = '' } = (await json<readonly ShownRun[]>('runs', '--process', PIPELINE))[0] ?? {};
  const before = await json<ShownRunDetail>('show', 'two', '--process', PIPELINE);
  const { pk, sk } = runKey({ environment: environment ?? '', process_name: PIPELINE, run_id: 'two' });
  await ledger.database.send(new DeleteCommand({ TableName: ledger.outputs.TableName, Key: { pk, sk } }));

  expect(await json<ShownRunDetail>('show', 'two', '--process', PIPELINE)).toEqual(before);
  const listed = await json<readonly ShownRun[]>('runs', '--process', PIPELINE);
  expect(listed.map(({ run_id }) => run_id).sort()).toEqual(['one', 'two']);
});

test('a rejected line is found, shown, and accepted once what was missing is set', async () => {
  const listed = await json<readonly { rejection_key: string; payload: string }[]>('rejections', '--limit', '10000');
  const key = listed.find(({ payload }) => payload === BAD)?.rejection_key ?? 'none';
  expect((await cli('rejections', 'show', key.slice(0, 12))).out).toContain(BAD);
  const resent = await cli('rejections', 'resend', key, '--set', 'run_id=three', '--set', 'event_type=RUN_END');
  expect(resent).toMatchObject({ code: 0, out: '1 line sent again; they are accepted on their way\n' });
  await until(
    'the run is listed',
    () => json<readonly ShownRun[]>('runs', '--process', PIPELINE),
    (runs) => runs.some(({ run_id }) => run_id === 'three'),
  );
  expect(await json<readonly { state: string }[]>('rejections', 'list', '--all')).toMatchObject([
    { state: 'accepted' },
  ]);
});

test.each([
  [['query', 'select nope from pipeline_logs'], 3, 'there is no column nope'],
  [['query', 'drop table pipeline_logs'], 3, 'expected one SELECT, got another statement'],
  [
    ['query', 'select * from information_schema.tables'],
    3,
    'there is no table or view information_schema.tables to read',
  ],
  [
    ['show', 'nobody'],
    4,
    'there is no run or pipeline nobody; `npx runledger --aws --stack runledger-cli runs` lists those there are',
  ],
])('%j ends with exit code %i and says why', async (args, code, why) => {
  const ended = await cli(...args);
  expect(ended.err).toContain(why);
  expect(ended).toMatchObject({ code, out: '' });
});

test('a stack that does not exist is named, with those there are, to who may list stacks', async () => {
  const ended = await cliOf({}, 'runs', '--stack', 'elsewhere');
  expect(ended.err).toContain('there is no stack elsewhere in us-east-1, but these ledgers: runledger-cli, ');
  expect(ended).toMatchObject({ code: 4, out: '' });
});

test('doctor finds every link in order', async () => {
  const checks = await json<readonly Finding[]>('doctor');
  expect(checks.length).toBeGreaterThan(15);
  expect(checks.filter(({ verdict }) => verdict !== 'ok').map(({ found }) => found)).toEqual(['nobody hears alerts']);
});

describe('rebuild', () => {
  const damage = async (text: string) => {
    await ledger.engine.query(defineQuery({ name: 'damage', text, parameters: {}, columns: {} }), {});
  };
  const rebuilt = (...args: readonly string[]) => json<RebuildReport>('rebuild', ...args);
  const today = new Date().toISOString().slice(0, 10);
  beforeAll(async () => {
    await settle();
  });

  test('finds the tables as the raw lines say, and puts right what was changed, lost, added and doubled', async () => {
    expect(await rebuilt('--verify')).toMatchObject({ identical: true, swapped: false });
    const ours = `process_name = '${PIPELINE}'`;
    await damage(`update pipeline_run_state set status = 'FAILED' where ${ours}`);
    await damage(`delete from pipeline_steps where ${ours}`);
    await damage(`delete from pipeline_logs where ${ours} and event_type = 'RUN_END'`);
    await damage(`insert into pipeline_logs select * from pipeline_logs where ${ours} and event_type = 'RUN_START'`);
    await damage(
      `insert into job_metrics (environment, process_name, run_date, total_runs) values ('x', 'y', date '2025-01-01', 1)`,
    );
    expect(await rebuilt()).toMatchObject({ identical: false, swapped: true });
    expect(await rebuilt('--verify')).toMatchObject({ identical: true, swapped: false });
  });

  test('puts right the events that arrived on one day, and the runs they are of', async () => {
    const ours = `process_name = '${PIPELINE}'`;
    await damage(`delete from pipeline_logs where ${ours} and event_type = 'RUN_END'`);
    const verified = await cli('rebuild', '--day', today, '--verify');
    expect(verified.code).toBe(1);
    expect(verified.out).toContain('nothing was changed');
    expect(await rebuilt('--day', today)).toMatchObject({ identical: false, swapped: true });
  });

  test('changes nothing when raw lines are missing', async () => {
    const [key = ''] = (await ledger.keysIn('raw/')).slice(-1);
    const content = await ledger.store.get(key);
    const s3 = new S3Client({ ...ledger.aws, forcePathStyle: true });
    await s3.send(new DeleteObjectCommand({ Bucket: ledger.outputs.BucketName, Key: key }));
    const refused = await cli('rebuild');
    await ledger.store.put(key, content);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/were recorded when they landed; nothing was changed: restore the missing files/);
    await settle();
  });

  test('waits for a writer at work, and leaves nothing behind', async () => {
    const lease = openWriterLease({ client: ledger.database, table: ledger.outputs.TableName });
    await lease.acquire('pipeline_logs', 'a stage', Date.now(), 3_000);
    const ended = await cli('rebuild', '--verify');
    expect(ended, 'all that was damaged before is right again').toMatchObject({ code: 0 });
    expect(ended.err).toContain('waiting: pipeline_logs is being written');
    expect(await lease.acquire('pipeline_logs', 'the next', Date.now(), 1), 'it was given back').not.toBeNull();
    const left = await ledger.ask(
      `select schema_name from information_schema.schemata where schema_name like '%_rebuilt'`,
      { schema_name: { type: 'varchar', comment: 'a database' } },
    );
    expect(left).toEqual([]);
  });
});
