import { expect, test } from 'vitest';
import { aRun, keptLake } from './kept.ts';

const { keep, ask } = keptLake();
const writes = (path: string, type = 'delta') => ({
  input_sources: [],
  output_targets: [{ type, path, written_at: '2026-11-30T11:00:00.000Z' }],
});

test('search: pipelines and tables by a part of their name, runs by the beginning of their id, the latest first', async () => {
  await keep([
    aRun('ord-1', 60, { process_name: 'billing', ...writes('lake.ORDERS') }),
    aRun('ord-2', 30, { process_name: 'billing' }),
    aRun('x-ord', 20, { process_name: 'daily_Orders' }),
    aRun('y', 10, { process_name: 'other', ...writes('lake.other') }),
  ]);
  const found = async (text: string, limit = '8') =>
    (await ask('search', { text, limit })).map(({ kind, process_name, name }) => [kind, process_name, name]);
  expect(await found('ord')).toEqual([
    ['pipeline', 'daily_Orders', 'daily_Orders'],
    ['run', 'billing', 'ord-2'],
    ['run', 'billing', 'ord-1'],
    ['table', null, 'lake.ORDERS'],
  ]);
  expect(await found('ord', '1')).toHaveLength(3);
  expect(await found('100%_')).toEqual([]);
});

test('datasets: every path once, with how many pipelines write and read it', async () => {
  await keep([
    aRun('a', 60, { process_name: 'one', ...writes('lake.a') }),
    aRun('b', 50, { process_name: 'two', ...writes('lake.a') }),
    aRun('c', 40, { process_name: 'three', input_sources: [{ type: '', path: 'lake.a' }], output_targets: [] }),
  ]);
  expect(await ask('datasets')).toMatchObject([{ path: 'lake.a', dataset_type: 'delta', writers: 2, readers: 1 }]);
  expect(await ask('datasets', { path: 'lake.b*' })).toEqual([]);
});

test('incident-story and rejected-lines answer nothing where nothing is wrong', async () => {
  expect([await ask('incident-story', { id: 'x' }), await ask('rejected-lines')]).toEqual([[], []]);
});
