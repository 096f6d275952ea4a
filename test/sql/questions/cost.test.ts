import { expect, test } from 'vitest';
import type { Price } from '../../../core/prices/price.ts';
import { anEventOf, aRun, type Cells, keptLake } from './kept.ts';

const { keep, ask } = keptLake();
const HOUR_MS = 3_600_000;
const price = (unit: Price['unit'], amount: number, name = ''): Price => ({
  unit,
  name,
  price: amount,
  currency: 'USD',
});
const PRICES = [price('node_hour', 2, 'r5.4xlarge'), price('dpu_hour', 0.44), price('athena_tb', 5)];

const costs = async (given: Readonly<Record<string, string>>, prices: readonly Price[] = PRICES) =>
  (await ask('cost', given, prices)) as readonly Cells[];
const metrics = (run: Cells, values: Readonly<Record<string, number>>, cells: Cells = {}) =>
  anEventOf(run, 30, { metrics: { map: values }, ...cells });

test('a run costs its nodes for as long as it took, and what its metrics tell; else it is said why not', async () => {
  const run = (id: string, cells: Cells = {}) => aRun(id, 60, { duration_ms: HOUR_MS / 2, ...cells });
  const [glue, athena, dbu] = [run('glue', { cluster_size: '10 x G.1X' }), run('athena'), run('dbu')];
  await keep(
    [
      run('nodes', { cluster_size: '8 x r5.4xlarge' }),
      run('open', { cluster_size: '8 x r5.4xlarge', status: 'RUNNING', end_time: null }),
      run('other node', { cluster_size: '2 × i3.large' }),
      run('odd', { cluster_size: 'large' }),
      run('untold'),
      ...[glue, athena, dbu],
    ],
    [],
    [
      metrics(glue, { dpu_seconds: 3600 }, { step_name: 'a' }),
      metrics(glue, { dpu_hours: 2 }, { step_name: 'b' }),
      metrics(athena, { athena_scanned_bytes: 1e11 }),
      metrics(dbu, { dbu: 7 }),
    ],
  );
  const byRun = Object.fromEntries(
    (await costs({ by: 'run' })).map((row) => [row.run_id, [row.cost, row.unknown_because]]),
  );
  expect(byRun).toEqual({
    nodes: [8, null],
    glue: [1.32, null],
    athena: [0.5, null],
    dbu: [null, 'no price: dbu'],
    open: [null, 'not told: how long it took'],
    'other node': [null, 'no price: node_types i3.large'],
    odd: [null, 'expected cluster_size as "8 x r5.4xlarge"'],
    untold: [null, 'not told: cluster_size, or the metrics dpu_hours, dbu or athena_scanned_bytes'],
  });
  expect(await costs({})).toMatchObject([
    {
      process_name: 'orders',
      runs: 8,
      priced_runs: 3,
      cost: 9.82,
      currency: 'USD',
      unknown_because: expect.any(String),
    },
  ]);
  expect(await costs({ by: 'run' }, [])).toMatchObject(
    Array.from({ length: 8 }, () => ({ cost: null, currency: null })),
  );
});

test('by owner and by day', async () => {
  const sized = { cluster_size: '1 x r5.4xlarge', duration_ms: HOUR_MS };
  await keep([
    aRun('a', 90, { ...sized, owner: 'crm' }),
    aRun('b', 80, { ...sized, owner: 'crm', process_name: 'bills' }),
    aRun('c', 70, sized),
  ]);
  expect(await costs({ by: 'owner' })).toMatchObject([
    { owner: 'crm', process_name: null, runs: 2, cost: 4, cost_per_run: 2 },
    { owner: null, cost: 2 },
  ]);
  expect(await costs({ by: 'day' })).toMatchObject([
    { day: '2026-11-30', process_name: 'orders', cost: 4 },
    { day: '2026-11-30', process_name: 'bills', cost: 2 },
  ]);
});
