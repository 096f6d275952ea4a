import { BatchGetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { type Key, keyText } from '../../../adapters/dynamodb/items.ts';
import { nextRunItem, type RunItem } from '../../../adapters/dynamodb/run-item.ts';
import type { RunIndex } from '../../../core/run/run-index.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { track } from '../../contracts/live-store/runs.ts';
import { anEvent } from '../../factories.ts';
import { mockedTable, refusal, TABLE } from './fakes.ts';

const at = (hour: string): string => `2025-11-03T${hour}:00:00.000Z`;

function item(run_id: string, overrides: Partial<RunIndex> & { environment?: string } = {}): RunItem {
  const { environment = 'prod', ...index } = overrides;
  const made = nextRunItem(
    undefined,
    runOf(anEvent({ run_id, environment })),
    { open: true, start_time: at('12'), check_times: [at('13')], ...index },
    undefined,
  );
  if (made === undefined) throw new Error('expected an item');
  return made;
}

/** A table of these items: queries answer with their pages, reads with what they name. */
function tableOf(pages: readonly (readonly RunItem[])[], keepEndedDays?: number) {
  const table = mockedTable(keepEndedDays);
  const items = new Map(pages.flat().map((each) => [keyText(each), each]));
  table.mock.on(QueryCommand).callsFake(({ ExclusiveStartKey }) => {
    const page = Number(ExclusiveStartKey?.page ?? 0);
    return {
      Items: pages[page],
      Count: pages[page]?.length ?? 0,
      LastEvaluatedKey: page + 1 < pages.length ? { page: page + 1 } : undefined,
    };
  });
  table.mock.on(BatchGetCommand).callsFake(({ RequestItems }) => ({
    Responses: {
      [TABLE]: RequestItems[TABLE].Keys.flatMap((key: Key) => items.get(keyText(key)) ?? []),
    },
  }));
  table.mock.on(UpdateCommand).resolves({});
  table.mock.on(PutCommand).resolves({});
  const queries = () => table.mock.commandCalls(QueryCommand).map(({ args }) => args[0].input);
  const updates = () => table.mock.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
  return { ...table, queries, updates };
}

const ids = (runs: readonly { run_id: string }[]): readonly string[] => runs.map(({ run_id }) => run_id);

test('a list reads no more pages than it needs', async () => {
  const { store, queries } = tableOf([[item('a')], [item('b')], [item('c')]]);
  expect(ids(await store.listRuns({ limit: 2 }))).toEqual(['a', 'b']);
  expect(queries()).toHaveLength(2);
  expect(queries()[0]).toMatchObject({ IndexName: 'runs_by_start', Limit: 2, ScanIndexForward: false });
});

test('runs that are in the index no more, or that the index shows as they were, do not count', async () => {
  const { store } = tableOf([[item('ended', { open: false }), item('open')], [item('old')]]);
  expect(ids(await store.listRuns({ open: true, limit: 5 }))).toEqual(['open', 'old']);
});

test('a list asks what finds it soonest', async () => {
  const { store, queries } = tableOf([[item('a')]]);
  await store.listRuns({ run_id: 'a', process_name: 'customer_daily', open: true, limit: 1 });
  await store.listRuns({ process_name: 'customer_daily', environment: 'prod', limit: 1 });
  await store.listRuns({ open: true, process_name: 'customer_daily', limit: 1 });
  await store.listRuns({ open: false, limit: 1 });
  expect(queries().map(({ IndexName }) => IndexName)).toEqual([
    undefined,
    'runs_of_process',
    'open_runs',
    'runs_by_start',
  ]);
  expect(queries()[0]).toMatchObject({ ConsistentRead: true, ExpressionAttributeValues: { ':pk': 'run#a' } });
  expect(queries()[1]).toMatchObject({ ConsistentRead: false, FilterExpression: 'environment = :environment' });
});

test('nothing is read for a list of none', async () => {
  const { store, queries } = tableOf([[item('a')]]);
  expect(await store.listRuns({ limit: 0 })).toEqual([]);
  expect(await store.dueRuns(at('14'), 0)).toEqual([]);
  expect(queries()).toEqual([]);
});

test('a run whose lease has moved is planned anew, and not returned', async () => {
  const moved = { ...item('a', { check_times: [at('20')] }), next_check_at: at('13') };
  const { store, updates } = tableOf([[moved]]);
  expect(await store.dueRuns(at('14'), 10)).toEqual([]);
  expect(updates()).toMatchObject([
    {
      ConditionExpression: 'version = :version',
      ExpressionAttributeValues: { ':next_check_at': at('20'), ':version': 1 },
    },
  ]);
});

test('a silent run that another writer just wrote is left for the next check', async () => {
  const { store, mock, updates } = tableOf([[item('a'), item('b')]]);
  mock.on(UpdateCommand).rejectsOnce(refusal('ConditionalCheckFailedException')).resolves({});
  await store.markChecked(await store.dueRuns(at('14'), 10), at('14'));
  expect(updates().map(({ ConditionExpression }) => ConditionExpression)).toEqual(
    Array.from({ length: 2 }, () => 'version = :version'),
  );
});

test('checks go on over the pages until there are as many as asked for, and none is written before it is marked', async () => {
  const { store, updates } = tableOf([[item('a'), item('b')], [item('c'), item('d')], [item('e')]]);
  const runs = await store.dueRuns(at('14'), 3);
  expect(runs).toHaveLength(3);
  expect(updates()).toEqual([]);
  await store.markChecked(runs, at('14'));
  expect(updates()).toHaveLength(3);
});

test('a mark writes when the run was checked, or that it was checked later already', async () => {
  const early = { ...item('a', { check_times: [at('13'), at('20')] }), checked_at: at('15') };
  const { store, updates } = tableOf([[early]]);
  const runs = await store.listRuns({ limit: 1 });
  await store.markChecked(runs, at('14'));
  await store.markChecked(runs, at('16'));
  for (const { UpdateExpression } of updates())
    expect(UpdateExpression).toBe(
      'set checked_at = :checked_at, next_check_at = :next_check_at, version = version + :one',
    );
  expect(updates().map(({ ExpressionAttributeValues }) => ExpressionAttributeValues)).toEqual([
    { ':checked_at': at('15'), ':next_check_at': at('20'), ':one': 1, ':version': 1 },
    { ':checked_at': at('16'), ':next_check_at': at('20'), ':one': 1, ':version': 1 },
  ]);
});

test('runs are kept for so many days once they have ended or fallen silent', async () => {
  const { store, updates, mock } = tableOf([[item('a')]], 7);
  await store.markChecked(await store.dueRuns(at('14'), 10), at('14'));
  const inSevenDays = Date.parse('2025-11-10T12:00:00.000Z') / 1000;
  expect(updates()[0]?.ExpressionAttributeValues).toMatchObject({ ':expires_at': inSevenDays });
  await track(store, { run_id: 'b' }, { run_id: 'c', event_type: 'RUN_END', status: 'SUCCESS' });
  const kept = mock.commandCalls(PutCommand).map(({ args }) => args[0].input.Item?.expires_at);
  expect(kept).toEqual([undefined, inSevenDays]);
});
