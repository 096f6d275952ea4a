import { expect, test } from 'vitest';
import { ago, aRun, DAY, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

test('pipelines: the latest run, the rates over ended runs, and exact ranks of the durations', async () => {
  await keep([
    ...Array.from({ length: 20 }, (_, at) =>
      aRun(`r${at}`, (at + 2) * DAY, { duration_ms: (at + 1) * 1000, owner: 'crm' }),
    ),
    aRun('failed', 1.5 * DAY, { status: 'FAILED', duration_ms: 500_000, error_code: 'D201' }),
    aRun('open', 10, { status: 'RUNNING', end_time: null }),
    aRun('counted', 3, { process_name: 'bills', records_out: 7, owner: 'finance' }),
    aRun('uncounted', 2, { process_name: 'bills' }),
    aRun('old', 40 * DAY, { process_name: 'gone' }),
  ]);
  const [bills, orders, ...none] = await ask('pipelines');
  expect(none).toEqual([]);
  expect(bills).toMatchObject({
    process_name: 'bills',
    last_run_id: 'uncounted',
    last_records_out: 7,
    success_rate: 1,
  });
  expect(orders).toMatchObject({
    owner: 'crm',
    last_run_id: 'open',
    last_status: 'RUNNING',
    last_duration_ms: null,
    last_error_code: null,
    runs: 22,
    failed: 1,
    success_rate: 20 / 21,
    p50_duration_ms: 11_000,
    p95_duration_ms: 20_000,
    open_runs: 1,
  });
  expect(await ask('pipelines', { owner: 'finance' })).toMatchObject([{ process_name: 'bills', runs: 1 }]);
  expect(await ask('pipelines', { process_name: 'b*s' })).toMatchObject([{ process_name: 'bills' }]);
  expect(await ask('pipelines', { process_name: 'b%s' })).toEqual([]);
  expect(await ask('pipelines', { environment: 'test' })).toEqual([]);
});

test('runs-per-day: each run once, under the gravest status of its day', async () => {
  await keep([
    aRun('good', 300, { duration_ms: 1000 }),
    aRun('slow', 290, { duration_ms: 3000, expected_max_duration_ms: 2000 }),
    aRun('cancelled', 280, { status: 'CANCELLED', duration_ms: 2000 }),
    aRun('late and open', 60, { status: 'RUNNING', end_time: null, expected_max_duration_ms: 59 * 60_000 }),
    aRun('skipped', DAY, { status: 'SKIPPED' }),
  ]);
  expect(await ask('runs-per-day')).toMatchObject([
    { day: ago(DAY).slice(0, 10), runs: 1, worst_status: 'SKIPPED' },
    {
      day: ago(60).slice(0, 10),
      ...{ runs: 4, succeeded: 2, failed: 0, late: 2, running: 1, worst_status: 'CANCELLED' },
      ...{ total_duration_ms: 6000, avg_duration_ms: 2000 },
    },
  ]);
});
