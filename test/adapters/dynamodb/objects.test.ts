import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { itemOf, type ObjectItem } from '../../../adapters/dynamodb/object-item.ts';
import { type DataObject, NO_DATES, type Stage } from '../../../core/objects/data-object.ts';
import { failed, parked, recorded, summarized, tracked } from '../../../core/objects/object-change.ts';
import { mockedTable, refusal, TABLE } from './fakes.ts';

const landed = (name: string): DataObject => ({
  object: `raw/dt=2025-11-03/hh=12/${name}`,
  lines: 10,
  size_bytes: 100,
});
const keyOf = (name: string): string => landed(name).object;
const stored = (name: string, stage: Stage = 'recorded', version = 1): ObjectItem => {
  const record = recorded([landed(name)])(undefined, keyOf(name));
  if (record === undefined) throw new Error('expected a record');
  return itemOf({ ...record, stage }, version);
};
const answering = (...items: readonly object[]) => ({ Responses: { [TABLE]: [...items] } });
const cancelled = (...codes: readonly string[]) =>
  new TransactionCanceledException({
    $metadata: {},
    message: 'cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

test('a mark moves the object, its place at the stages and the tally in one transaction', async () => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering(stored('a')));
  mock.on(TransactWriteCommand).resolves({});
  await store.changeObjects([keyOf('a')], tracked({ ...NO_DATES, event_dates: ['2025-11-03'] }, 0));
  const [put, arrives, leaves, tally] = mock.commandCalls(TransactWriteCommand)[0]?.args[0].input.TransactItems ?? [];
  expect(put?.Put).toMatchObject({ Item: { stage: 'tracked', version: 2 }, ConditionExpression: 'version = :version' });
  expect(arrives?.Put?.Item).toEqual({
    pk: 'stage#tracked',
    sk: keyOf('a'),
    size_bytes: 100,
    since: '2025-11-03T12:00:00.000Z',
  });
  expect(leaves?.Delete?.Key).toEqual({ pk: 'stage#recorded', sk: keyOf('a') });
  expect(tally?.Update).toMatchObject({
    UpdateExpression: 'add #n0 :a0, #n1 :a1',
    ExpressionAttributeNames: { '#n0': 'recorded', '#n1': 'tracked' },
    ExpressionAttributeValues: { ':a0': -1, ':a1': 1 },
  });
});

test.each([['ConditionalCheckFailed'], ['TransactionConflict'], ['ThrottlingError']])(
  'a transaction refused for %s is built anew from what is there by then',
  async (code) => {
    const { mock, store, pauses } = mockedTable();
    mock
      .on(BatchGetCommand)
      .resolvesOnce(answering(stored('a'), stored('b')))
      .resolves(answering(stored('a', 'tracked', 2), stored('b')));
    mock.on(TransactWriteCommand).rejectsOnce(cancelled('None', code)).resolves({});
    await store.changeObjects([keyOf('a'), keyOf('b')], failed);
    const tries = mock.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input.TransactItems);
    expect(tries.map((actions) => actions?.map(({ Put }) => Put?.Item?.version))).toEqual([
      [2, 2],
      [3, 2],
    ]);
    expect(pauses).toEqual([20]);
  },
);

test('a mark that another writer set meanwhile is not set again, and not counted twice', async () => {
  const { mock, store } = mockedTable();
  mock
    .on(BatchGetCommand)
    .resolvesOnce(answering(stored('a', 'compacted')))
    .resolves(answering(stored('a', 'summarized', 2)));
  mock.on(TransactWriteCommand).rejectsOnce(cancelled('ConditionalCheckFailed'));
  await store.changeObjects([keyOf('a')], summarized);
  expect(mock.commandCalls(TransactWriteCommand)).toHaveLength(1);
});

test('a transaction refused for good is explained, one that is always overtaken is given up', async () => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering(stored('a')));
  mock.on(TransactWriteCommand).rejects(cancelled('ValidationError', 'None'));
  await expect(store.changeObjects([keyOf('a')], parked('why'))).rejects.toThrow(
    'Expected the table ledger to answer, got TransactionCanceledException: cancelled.',
  );
  mock.on(TransactWriteCommand).rejects(cancelled('TransactionConflict'));
  await expect(store.changeObjects([keyOf('a')], parked('why'))).rejects.toThrow(
    `Expected to mark 1 objects (${keyOf('a')} the first), other writers came first 20 times.`,
  );
});

test('many objects are several transactions of at most a hundred actions, and none is begun when one is refused', async () => {
  const { mock, store } = mockedTable();
  const names = Array.from({ length: 70 }, (_, index) => String(index).padStart(2, '0'));
  mock.on(BatchGetCommand).resolves(answering(...names.map((name) => stored(name, 'compacted'))));
  mock.on(TransactWriteCommand).resolves({});
  await store.changeObjects(names.map(keyOf), summarized);
  const sizes = mock.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input.TransactItems?.length);
  expect(sizes).toEqual([100, 100, 13]);

  mock.resetHistory();
  mock.on(BatchGetCommand).resolves(answering(...names.slice(1).map((name) => stored(name, 'compacted'))));
  await expect(store.changeObjects(names.map(keyOf), summarized)).rejects.toThrow(
    `got ${keyOf('00')}, which is unknown`,
  );
  expect(mock.commandCalls(TransactWriteCommand)).toEqual([]);
});

test('the day of an object is noted before the object, once', async () => {
  const { mock, store } = mockedTable();
  mock.on(BatchGetCommand).resolves(answering());
  mock.on(TransactWriteCommand).resolves({});
  mock.on(PutCommand).resolves({});
  await store.recordObjects([landed('a'), landed('b'), { ...landed('a'), lines: 99 }]);
  await store.recordObjects([landed('c')]);
  expect(mock.commandCalls(PutCommand).map(({ args }) => args[0].input.Item)).toEqual([
    { pk: 'object_days', sk: '2025-11-03' },
  ]);
  expect(mock.call(0).args[0]).toBeInstanceOf(PutCommand);
  const [first] = mock.commandCalls(TransactWriteCommand);
  expect(first?.args[0].input.TransactItems?.map(({ Put }) => Put?.Item?.lines)).toContain(10);
  expect(first?.args[0].input.TransactItems).toHaveLength(5);
});

test('entries that another writer moved on while they were read are read again', async () => {
  const { mock, store } = mockedTable();
  const entry = (name: string) => ({ pk: 'stage#tracked', sk: keyOf(name), size_bytes: 100 });
  mock
    .on(QueryCommand)
    .resolvesOnce({ Items: [entry('a')] })
    .resolves({ Items: [entry('b')] });
  mock
    .on(BatchGetCommand)
    .resolvesOnce(answering(stored('a', 'compacted')))
    .resolves(answering(stored('b', 'tracked')));
  expect(await store.objectsAt('tracked', { maxObjects: 1 })).toMatchObject([{ object: keyOf('b'), stage: 'tracked' }]);
});

test('entries of objects that are not there are told, not read for ever', async () => {
  const { mock, store } = mockedTable();
  mock.on(QueryCommand).resolves({ Items: [{ pk: 'stage#tracked', sk: keyOf('a'), size_bytes: 1 }] });
  mock.on(BatchGetCommand).resolves(answering());
  await expect(store.objectsAt('tracked', { maxObjects: 1 })).rejects.toThrow(
    'Expected the objects that ledger lists as tracked to be tracked, they were not, 10 times over.',
  );
});

test('a prefix that names a day reads that day only, and every page of it', async () => {
  const { mock, store } = mockedTable();
  mock.on(QueryCommand, { ExpressionAttributeValues: { ':pk': 'object_days' } }).resolves({ Items: [] });
  mock
    .on(QueryCommand, { ProjectionExpression: '#lines, #counts.#lines' })
    .resolvesOnce({ Items: [{ lines: 3 }], LastEvaluatedKey: { pk: 'next' } })
    .resolves({ Items: [{ lines: 0, counts: { lines: 4 } }] });
  expect(await store.recordedLines('raw/dt=2025-11-03/hh=1')).toBe(7);
  const asked = mock.commandCalls(QueryCommand).map(({ args }) => args[0].input);
  expect(asked.at(-1)).toMatchObject({
    ExclusiveStartKey: { pk: 'next' },
    FilterExpression: 'not #stage in (:parked, :forgotten)',
    ExpressionAttributeValues: { ':pk': 'objects#2025-11-03', ':prefix': 'raw/dt=2025-11-03/hh=1' },
  });
});

test('a day that became due again is not removed', async () => {
  const { mock, store } = mockedTable();
  mock.on(DeleteCommand).rejects(refusal('ConditionalCheckFailedException'));
  await store.removeDueDays(['2025-11-03']);
  expect(mock.commandCalls(DeleteCommand)[0]?.args[0].input.ConditionExpression).toContain('taken = asked');
});

test('as many due days are taken as were asked for, over pages', async () => {
  const { mock, store } = mockedTable();
  const day = (sk: string, taken?: number) => ({ pk: 'due_days', sk, asked: 1, taken });
  mock
    .on(QueryCommand)
    .resolvesOnce({ Items: [day('2025-11-01', 1)], LastEvaluatedKey: { sk: 'x' } })
    .resolves({ Items: [day('2025-11-02'), day('2025-11-03')] });
  mock.on(UpdateCommand).resolves({});
  expect(await store.dueDays(2)).toEqual(['2025-11-01', '2025-11-02']);
  // The first is taken as it is.
  expect(mock.commandCalls(UpdateCommand).map(({ args }) => args[0].input.Key?.sk)).toEqual(['2025-11-02']);
});

test('clearing goes over all pages, sends again what a busy table left out, and leaves leases', async () => {
  const { mock, store, pauses } = mockedTable();
  const run = { pk: 'run#a', sk: 'x' };
  mock
    .on(ScanCommand)
    .resolvesOnce({ Items: [run, { pk: 'lease#logs', sk: 'lease' }], LastEvaluatedKey: { pk: 'next' } })
    .resolves({ Items: [{ pk: 'tally', sk: '0' }] });
  mock
    .on(BatchWriteCommand)
    .resolvesOnce({ UnprocessedItems: { [TABLE]: [{ DeleteRequest: { Key: run } }] } })
    .resolves({});
  await store.clear();
  const deleted = mock
    .commandCalls(BatchWriteCommand)
    .map(({ args }) => args[0].input.RequestItems?.[TABLE]?.map(({ DeleteRequest }) => DeleteRequest?.Key?.pk));
  expect(deleted).toEqual([['run#a'], ['run#a'], ['tally']]);
  expect(pauses).toEqual([20]);
});
