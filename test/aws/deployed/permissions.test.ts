import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Check, evaluate } from '../../iam/evaluate.ts';
import type { Call } from '../gateway/call.ts';
import { CALLS_PATH } from '../gateway/gateway.ts';
import { arn, check } from '../gateway/request.ts';
import { type DeployedPolicies, deployedPolicies } from './deployed-policies.ts';
import { functionKeys } from './function-keys.ts';
import { invoke, until } from './functions.ts';
import { aToken, httpApiUrl } from './http-api.ts';
import { openLedger } from './ledger.ts';
import { anew, aRun, hoursAgo, line } from './told.ts';

const ledger = openLedger();
afterAll(() => ledger.live.close());

let policies: DeployedPolicies;
/** What each function of the stack has called until now, in this file and in those before it, by its construct's name. */
let called: ReadonlyMap<string, readonly Check[]>;

beforeAll(async () => {
  policies = await deployedPolicies();
  await everyFunctionWorks();
  const keys = new Map((await functionKeys()).map((each) => [each.accessKeyId, each.functionName]));
  const calls = (await (await fetch(`${ledger.aws.endpoint}${CALLS_PATH}`)).json()) as readonly Call[];
  const byFunction = Map.groupBy(calls, ({ key }) => policies.ofFunction(keys.get(key) ?? '')?.name ?? '');
  called = new Map(
    [...byFunction].map(([name, some]) => [name, some.flatMap((each) => each.checks).flatMap(withImplied)]),
  );
});

/** A failed run, a bad line, a line that accept has not seen, an envelope of Firehose, every tick and the night. */
async function everyFunctionWorks(): Promise<void> {
  const process = anew('permitted');
  await ledger.send([
    ...aRun(process, 'good', hoursAgo(2)),
    line({ process_name: process, run_id: 'bad', event_type: 'RUN_END', status: 'FAILED', created_at: hoursAgo(0.1) }),
    'not json',
  ]);
  const stray = aRun(process, 'stray', hoursAgo(2)).map((each) => `${each}\n`);
  await ledger.store.put(`raw/dt=${hoursAgo(1).slice(0, 10)}/hh=00/${process}`, stray.join(''));
  const rawData = Buffer.from(aRun(process, 'again', hoursAgo(2)).join('\n')).toString('base64');
  const envelope = { attemptsMade: 4, errorCode: 'x', errorMessage: 'x', arrivalTimestamp: Date.now(), lambdaArn: 'x' };
  await ledger.store.put(`failed/processing-failed/dt=2026-01-01/hh=00/${process}`, line({ ...envelope, rawData }));
  await until(
    'every run of it is live',
    async () => (await ledger.live.listRuns({ limit: 100_000 })).filter((run) => run.process_name === process).length,
    (runs) => runs >= 3,
  );
  const authorization = `Bearer ${await aToken(ledger, process, 'write')}`;
  for (const state of ['start', 'success', 'success'])
    await fetch(`${httpApiUrl()}/ping/${process}-pinged/${state}`, { headers: { authorization } });
  await ledger.settle();
  const reader = `Bearer ${await aToken(ledger, `${process}-reader`, 'read')}`;
  for (const path of ['runs', 'summary', 'alerts/incidents', 'recovery/decisions', 'questions/kpis'])
    await fetch(`${httpApiUrl()}/api/${path}`, { headers: { authorization: reader } });
  await invoke('check-deadlines');
  await invoke('record-slots');
  await invoke('recover');
  await invoke('maintain-tables');
}

/** SNS uses the key of an encrypted topic with the rights of whoever publishes (SNS, "Key management"). */
const withImplied = (each: Check): readonly Check[] =>
  each.action === 'sns:Publish'
    ? [each, ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => check(action, keyOfTopics()))]
    : [each];
const keyOfTopics = (): string => arn('kms', `key/${policies.nameOf('AlertingKey')}`);

const FUNCTIONS = [
  'AlertingNotify',
  'HistoryLaneAggregateMetrics',
  'HistoryLaneCompactEvents',
  'HistoryLaneMaintainTables',
  'HistoryLaneSummarizeRuns',
  'HttpApiPageServePage',
  'HttpApiServeHttp',
  'IngestAcceptEvents',
  'IngestReacceptFailed',
  'LiveLaneCheckDeadlines',
  'LiveLaneRecordSlots',
  'LiveLaneTrackRuns',
  'MigrationsMigrateTables',
  'RecoveryRecover',
];

test.each(FUNCTIONS)('its policy allows every call that %s makes', (name) => {
  const statements = statementsOf(`${name}Role`);
  const checks = called.get(name) ?? [];
  expect(checks.length, 'it was heard').toBeGreaterThan(0);
  expect(checks.filter((each) => evaluate(statements, each) !== 'allowed')).toEqual([]);
});

test('only functions of the stack are heard, and those of the CDK beside it', () => {
  expect([...called.keys()].filter((name) => name !== '' && !FUNCTIONS.includes(name)).sort()).toEqual([
    expect.stringContaining('BucketNotificationsHandler'),
    expect.stringContaining('MigrationsProviderframeworkonEvent'),
  ]);
});

describe('what nobody needs is not allowed', () => {
  const bucket = (key: string) => `arn:aws:s3:::${ledger.outputs.BucketName}/${key}`;
  const item = (action: string, ...keys: readonly string[]) =>
    check(`dynamodb:${action}`, arn('dynamodb', `table/${ledger.outputs.TableName}`), { 'dynamodb:LeadingKeys': keys });

  test.each<readonly [string, string, Check]>([
    ['AlertingNotifyRole', 'a run', item('PutItem', 'run#1')],
    ['AlertingNotifyRole', 'a lease', item('PutItem', 'lease#pipeline_logs')],
    ['AlertingNotifyRole', 'a secret of others', check('ssm:GetParameter', arn('ssm', 'parameter/database'))],
    ['LiveLaneCheckDeadlinesRole', 'what people were told', item('GetItem', 'notified#x')],
    ['HttpApiServeHttpRole', 'a run', item('PutItem', 'run#1')],
    ['HttpApiServeHttpRole', 'a token', item('PutItem', 'token#all')],
    ['HttpApiServeHttpRole', 'settings', check('s3:GetObject', bucket('settings/user-salt'))],
    ['RecoveryRecoverRole', 'a run', item('PutItem', 'run#1')],
    ['RecoveryRecoverRole', 'what people were told', item('GetItem', 'notified#x')],
    ['ReaderPolicy', 'what is started', item('PutItem', 'recovery#x')],
    ['ReaderPolicy', 'a token', item('GetItem', 'token#all')],
    ['ReaderPolicy', 'incidents', item('PutItem', 'incident#x')],
    ['ResponderPolicy', 'runs', item('PutItem', 'run#1')],
    ['AlertingNotifyRole', 'raw lines', check('s3:GetObject', bucket('raw/a'))],
    ['HistoryLaneCompactEventsRole', 'what people were told', item('GetItem', 'notified#x')],
    ['HistoryLaneCompactEventsRole', 'another table', check('s3:PutObject', bucket('tables/job_metrics-1/a'))],
    ['HistoryLaneCompactEventsRole', 'raw lines', check('s3:DeleteObject', bucket('raw/a'))],
    ['LiveLaneTrackRunsRole', 'raw lines', check('s3:PutObject', bucket('raw/a'))],
    ['IngestAcceptEventsRole', 'raw lines', check('s3:GetObject', bucket('raw/a'))],
    ['IngestStreamRole', 'raw lines', check('s3:DeleteObject', bucket('raw/a'))],
    ['IngestStreamRole', 'tables', check('s3:GetObject', bucket('tables/pipeline_logs-1/a'))],
    ['IngestStreamRole', 'tables', check('s3:PutObject', bucket('tables/pipeline_logs-1/a'))],
    ['MigrationsMigrateTablesRole', 'tables', check('s3:DeleteObject', bucket('tables/pipeline_logs-1/a'))],
    ['ReaderPolicy', 'runs', item('PutItem', 'run#1')],
    ['ReaderPolicy', 'tables', check('s3:PutObject', bucket('tables/pipeline_logs-1/a'))],
    ['ReaderPolicy', 'envelopes, which are not masked', check('s3:GetObject', bucket('failed/a'))],
    ['OperatorPolicy', 'raw lines', check('s3:DeleteObject', bucket('raw/a'))],
    ['IngestProducerPolicy', 'tables', check('s3:GetObject', bucket('tables/pipeline_logs-1/a'))],
  ])('%s: %s (%j)', (holder, _, each) => {
    expect(evaluate(statementsOf(holder), each)).toBe('not allowed');
  });

  test('nor would the emulated AWS have let it pass', async () => {
    const keys = await functionKeys();
    const notify = keys.find(({ functionName }) => policies.ofFunction(functionName)?.name === 'AlertingNotify');
    if (notify === undefined) throw new Error('expected the key of Notify, found none');
    const aws = { ...ledger.aws, credentials: notify };
    await expect(
      new DynamoDBClient(aws).send(new ScanCommand({ TableName: ledger.outputs.TableName })),
    ).rejects.toThrow('not authorized to perform: dynamodb:Scan');
    await expect(
      new S3Client({ ...aws, forcePathStyle: true }).send(
        new PutObjectCommand({ Bucket: ledger.outputs.BucketName, Key: 'raw/a', Body: 'x' }),
      ),
    ).rejects.toThrow('not authorized to perform: s3:PutObject');
  });
});

function statementsOf(name: string) {
  const found = policies.holders.find((each) => each.name === name);
  if (found === undefined) throw new Error(`expected a role or policy ${name}, found none`);
  return found.statements;
}
