import { BatchGetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { packRun, unpackRun } from '../../../adapters/dynamodb/run-codec.ts';
import { type RunItem, runKey } from '../../../adapters/dynamodb/run-item.ts';
import type { Run } from '../../../core/run/run.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { mergedInto, track } from '../../contracts/live-store/runs.ts';
import { anEvent } from '../../factories.ts';
import { mockedTable, refusal, TABLE } from './fakes.ts';

const stored = (run: Run, version: number): RunItem => ({
  ...runKey(run),
  kind: 'run',
  version,
  run: packRun(run),
  environment: run.environment,
  process_name: run.process_name,
  start_time: run.first_event_at,
  silent_at: '2025-11-04T12:00:00.000Z',
  check_times: ['2025-11-04T12:00:00.000Z'],
  open: 'run',
  next_check_at: '2025-11-04T12:00:00.000Z',
});

const answering = (...items: readonly RunItem[]) => ({ Responses: { [TABLE]: [...items] } });
const lost = refusal('ConditionalCheckFailedException');
const end = () => runOf(anEvent({ event_type: 'RUN_END', status: 'SUCCESS', event_time: '2025-11-03T13:00:00.000Z' }));

test('a run that another writer changed meanwhile is read again, and merged into what that one wrote', async () => {
  const { mock, store, pauses } = mockedTable();
  const start = runOf(anEvent());
  const other = mergedInto(start, runOf(anEvent({ event_type: 'STEP_START', step_name: 'load' }))).run;
  mock
    .on(BatchGetCommand)
    .resolvesOnce(answering(stored(start, 1)))
    .resolves(answering(stored(other, 2)));
  mock.on(PutCommand).rejectsOnce(lost).resolves({});
  const arriving = end();
  const [transition] = await store.updateRuns([arriving], mergedInto);
  const [first, second] = mock.commandCalls(PutCommand).map(({ args }) => args[0].input);
  expect(transition).toEqual({ before: other, after: mergedInto(other, arriving).run });
  expect(first).toMatchObject({ ConditionExpression: 'version = :version', Item: { version: 2 } });
  expect(second).toMatchObject({ ExpressionAttributeValues: { ':version': 2 }, Item: { version: 3 } });
  expect(Object.keys(unpackRun(second?.Item?.run).steps)).toEqual(['::load']);
  expect(pauses).toHaveLength(1);
});

test('a run that another writer made meanwhile is not overwritten', async () => {
  const { mock, store } = mockedTable();
  mock
    .on(BatchGetCommand)
    .resolvesOnce(answering())
    .resolves(answering(stored(runOf(anEvent()), 1)));
  mock.on(PutCommand).rejectsOnce(lost).resolves({});
  await store.updateRuns([end()], mergedInto);
  const [first, second] = mock.commandCalls(PutCommand).map(({ args }) => args[0].input);
  expect(first?.ConditionExpression).toBe('attribute_not_exists(pk)');
  expect(second?.ConditionExpression).toBe('version = :version');
});

test('gives up on a run that others always change first, and says so', async () => {
  const { mock, store, pauses } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering(stored(runOf(anEvent()), 1)));
  mock.on(PutCommand).rejects(lost);
  await expect(store.updateRuns([end()], mergedInto)).rejects.toThrow(
    'Expected to update the run run-1 of customer_daily in prod, another writer came first 20 times.',
  );
  expect(pauses.slice(0, 3)).toEqual([20, 40, 80]);
  expect(Math.max(...pauses)).toBe(2_000);
});

test('a delivery that was tracked before writes nothing', async () => {
  const { mock, store } = mockedTable();
  const run = runOf(anEvent());
  mock.on(BatchGetCommand).resolves(answering(stored(run, 1)));
  expect(await store.updateRuns([run], mergedInto)).toEqual([{ before: run, after: run }]);
  expect(mock.commandCalls(PutCommand)).toEqual([]);
});

test('a run that arrives twice in one call is written once', async () => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering());
  mock.on(PutCommand).resolves({});
  await track(store, {}, { event_type: 'HEARTBEAT' }, { run_id: 'run-2' });
  expect(mock.commandCalls(PutCommand)).toHaveLength(2);
});

test('keys that a busy table left out are asked for again', async () => {
  const { mock, store, pauses } = mockedTable();
  const [a, b] = ['a', 'b'].map((run_id) => stored(runOf(anEvent({ run_id })), 7)) as [RunItem, RunItem];
  const unprocessed = { [TABLE]: { Keys: [{ pk: b.pk, sk: b.sk }] } };
  mock
    .on(BatchGetCommand)
    .resolvesOnce({ ...answering(a), UnprocessedKeys: unprocessed })
    .resolvesOnce({ ...answering(), UnprocessedKeys: unprocessed })
    .resolves(answering(b));
  mock.on(PutCommand).resolves({});
  await track(store, { run_id: 'a', owner: 'x' }, { run_id: 'b', owner: 'x' });
  const versions = mock.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.version);
  expect(versions).toEqual([8, 8]);
  expect(pauses).toEqual([20, 40]);
});

test('gives up on keys that are left out again and again', async () => {
  const { mock, store } = mockedTable();
  mock
    .on(BatchGetCommand)
    .resolves({ ...answering(), UnprocessedKeys: { [TABLE]: { Keys: [runKey(runOf(anEvent()))] } } });
  await expect(track(store, {})).rejects.toThrow(
    'Expected the table ledger to answer for 1 keys, it left out 1 of them 12 times over. It is throttled',
  );
});

test('reads a hundred keys at a time, and writes sixteen runs at once', async () => {
  const { mock, store } = mockedTable();
  let writing = 0;
  let most = 0;
  mock.on(BatchGetCommand).resolves(answering());
  mock.on(PutCommand).callsFake(async () => {
    most = Math.max(most, ++writing);
    await new Promise((resolve) => setImmediate(resolve));
    writing -= 1;
    return {};
  });
  await track(store, ...Array.from({ length: 250 }, (_, index) => ({ run_id: `run-${index}` })));
  const sizes = mock.commandCalls(BatchGetCommand).map(({ args }) => args[0].input.RequestItems?.[TABLE]?.Keys?.length);
  expect(sizes).toEqual([100, 100, 50]);
  expect(mock.commandCalls(PutCommand)).toHaveLength(250);
  expect(most).toBe(16);
});

test.each([
  ['ProvisionedThroughputExceededException', 'It was throttled for too long'],
  ['ResourceNotFoundException', 'deploy the stack that makes it'],
  ['AccessDeniedException', 'Allow this role to read and write the table'],
  ['ValidationException', 'Check that the table has the keys and indexes of this version'],
  ['InternalServerError', 'Try again'],
])('%s is explained', async (name, advice) => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).rejects(refusal(name, 'no'));
  const failure = await store.updateRuns([end()], mergedInto).catch((error: Error) => error);
  expect(String(failure)).toContain(`Expected the table ledger to answer, got ${name}: no.`);
  expect(String(failure)).toContain(advice);
});

test('after a failed write no other is begun', async () => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering());
  mock.on(PutCommand).rejects(refusal('InternalServerError'));
  await expect(
    track(store, ...Array.from({ length: 100 }, (_, index) => ({ run_id: `run-${index}` }))),
  ).rejects.toThrow('InternalServerError');
  expect(mock.commandCalls(PutCommand)).toHaveLength(16);
});
