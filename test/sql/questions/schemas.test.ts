import { expect, test } from 'vitest';
import { anEventOf, aRun, type Cells, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

/** What a run told of a dataset: its fields with their types. */
const telling = (
  run_id: string,
  minutes: number,
  dataset: string,
  fields: Readonly<Record<string, string | null>>,
  cells: Cells = {},
): Cells =>
  anEventOf(aRun(run_id, minutes), minutes, {
    ...cells,
    dataset_fields: Object.entries(fields).map(([name, type], at) => ({ dataset, name, type, position: at + 1 })),
  });

test('schema: the fields of a dataset as the latest run told them', async () => {
  await keep(
    [],
    [],
    [
      telling('old', 90, 'mart.orders', { id: 'int', gone: 'text' }),
      telling('new', 30, 'mart.orders', { id: 'bigint', customer: null }),
      // A copy of what was told, as an event that came twice is not: another event of the same run.
      telling('new', 29, 'mart.orders', { id: 'bigint', customer: null }),
      telling('new', 30, 'mart.other', { x: 'text' }),
    ],
  );
  expect(await ask('schema', { dataset: 'mart.orders' })).toMatchObject([
    { field: 'id', field_type: 'bigint', position: 1, run_id: 'new', process_name: 'orders' },
    { field: 'customer', field_type: null, position: 2, run_id: 'new' },
  ]);
  expect(await ask('schema', { dataset: 'mart.*' })).toHaveLength(3);
  expect(await ask('schema', { environment: 'test' })).toEqual([]);
});

test('schema-changes: what each run of a pipeline told against the run before it', async () => {
  const byOther = { process_name: 'reader' };
  await keep(
    [],
    [],
    [
      telling('a', 90, 'mart.orders', { id: 'int', note: 'text', kept: 'text', untold: null }),
      // Another pipeline reads two columns only: that is no change.
      telling('r', 80, 'mart.orders', { id: 'int', note: 'text' }, byOther),
      telling('b', 60, 'mart.orders', { id: 'int', note: 'text', kept: 'text', untold: null }),
      telling('c', 30, 'mart.orders', { id: 'bigint', kept: 'text', untold: 'text', added: 'date' }),
    ],
  );
  const changes = await ask('schema-changes', { dataset: 'mart.orders' });
  expect(
    changes.map((row) => [row.field, row.change, row.type_before, row.type_after, row.run_id, row.run_before]),
  ).toEqual([
    ['added', 'added', null, 'date', 'c', 'b'],
    ['id', 'retyped', 'int', 'bigint', 'c', 'b'],
    ['note', 'removed', 'text', null, 'c', 'b'],
    ['untold', 'retyped', null, 'text', 'c', 'b'],
  ]);
  expect(await ask('schema-changes', { process_name: 'reader' })).toEqual([]);
});
