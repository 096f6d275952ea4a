import { expect, test } from 'vitest';
import { alertFiles } from '../alert-files.ts';
import { anEventOf, aRun, type Cells, DAY, keptLake } from './kept.ts';

const { keep, ask, lake } = keptLake();

test('kpis: by day and week, per environment and pipeline', async () => {
  await keep([
    aRun('a', 60, { duration_ms: 1000, data_size_bytes_in: 10, data_size_bytes_out: 4 }),
    aRun('b', 50, { duration_ms: 4000, status: 'FAILED', data_size_bytes_in: 5 }),
    aRun('c', 40, { process_name: 'bills', duration_ms: 1000, status: 'CANCELLED' }),
    aRun('d', 30, { process_name: 'bills', status: 'RUNNING', end_time: null }),
    // The Sunday before: of another week.
    aRun('e', DAY, {}),
  ]);
  expect(await ask('kpis')).toMatchObject([
    { period: '2026-11-29', runs: 1, success_rate: 1 },
    {
      ...{ period: '2026-11-30', process_name: null, runs: 4, failed: 1, success_rate: 2 / 3 },
      ...{ mean_duration_ms: 2000, p95_duration_ms: 4000, data_size_bytes_in: 15, data_size_bytes_out: 4 },
      ...{ incidents: 0, mttd_ms: null },
    },
  ]);
  expect(await ask('kpis', { by: 'week', per: 'pipeline' })).toMatchObject([
    { period: '2026-11-23', process_name: 'orders', runs: 1 },
    { period: '2026-11-30', process_name: 'bills', runs: 2, success_rate: 1 },
    { period: '2026-11-30', process_name: 'orders', runs: 2, success_rate: 0.5 },
  ]);
});

test('kpis: what runs cost, of those whose cost is known', async () => {
  const sized = { cluster_size: '1 x m5', duration_ms: 3_600_000 };
  await keep([aRun('a', 90, sized), aRun('b', 80, sized), aRun('untold', 70)]);
  const price = { unit: 'node_hour', name: 'm5', price: 1.5, currency: 'EUR' } as const;
  expect(await ask('kpis', {}, [price])).toMatchObject([
    { runs: 3, priced_runs: 2, cost: 3, cost_per_run: 1.5, currency: 'EUR' },
  ]);
  expect(await ask('kpis')).toMatchObject([{ priced_runs: 0, cost: null, cost_per_run: null, currency: null }]);
});

test('kpis: what alerting did is what kpi_daily says of that day', async () => {
  for (const [object, lines] of await alertFiles()) lake().writeObject(object, lines);
  await lake().engine.migrate();
  await keep([aRun('a', 26 * DAY, { owner: 'crm', process_name: 'orders' })]);
  const daily = await lake().database.connect();
  const [day] = (
    await daily.runAndReadAll("select * from kpi_daily where day = date '2025-11-03'")
  ).getRowObjectsJson();
  const [asked] = await ask('kpis', { since: '2025-11-01' });
  expect(asked).toMatchObject({
    period: '2025-11-03',
    incidents: Number(day?.incidents),
    mttd_ms: Math.round(Number(day?.mttd_seconds) * 1000),
    mttr_ms: Math.round(Number(day?.mttr_seconds) * 1000),
    pages: Number(day?.pages),
    acknowledged_incidents: Number(day?.acknowledged_incidents),
  });
  expect(Number(day?.incidents)).toBeGreaterThan(0);
  // Incidents are of an owner when their pipelines are.
  const of = async (owner: string) =>
    (await ask('kpis', { since: '2025-11-01', owner, per: 'pipeline' })).map((row) => row.process_name);
  expect(new Set(await of('crm'))).toEqual(new Set(['orders']));
  expect(await of('nobody')).toEqual([]);
});

test('cluster-use: a run is spread over the hours in which it ran', async () => {
  // 10:30 to 12:15 of a Monday, then of an open run 11:50 to now.
  await keep([
    aRun('long', 7 * DAY + 90, { duration_ms: 105 * 60_000, cluster_id: 'c' }),
    aRun('open', 10, { status: 'RUNNING', end_time: null, cluster_id: 'c' }),
    aRun('none', 12 * 60, {}),
  ]);
  expect(await ask('cluster-use', { since: '14d' })).toEqual([
    { cluster_id: 'c', weekday: 1, hour_of_day: 10, runs: 1, busy_ms: 30 * 60_000, mean_running: 0.25 },
    { cluster_id: 'c', weekday: 1, hour_of_day: 11, runs: 2, busy_ms: 70 * 60_000, mean_running: 70 / 120 },
    { cluster_id: 'c', weekday: 1, hour_of_day: 12, runs: 2, busy_ms: 15 * 60_000, mean_running: 0.125 },
    { cluster_id: null, weekday: 1, hour_of_day: 0, runs: 1, busy_ms: 60_000, mean_running: 1 / 120 },
  ]);
});

test('quality-by-dataset: the score is the share of checks that passed, as far as they told', async () => {
  const run = aRun('a', 60, { owner: 'crm' });
  const check = (dataset: string, check_name: string, success: boolean | null, more: Cells = {}) => ({
    ...{ dataset, check_name, success, severity: null, expected: null, actual: null },
    ...{ records_checked: null, records_failed: null, ...more },
  });
  await keep(
    [run],
    [],
    [
      anEventOf(run, 50, {
        quality: [
          check('t', 'unique', true, { records_checked: 10 }),
          check('t', 'not null', false, { records_failed: 3 }),
        ],
      }),
      anEventOf(run, 40, { quality: [check('t', 'odd', null), check('t', 'fresh', true), check('u', 'any', true)] }),
    ],
  );
  expect(await ask('quality-by-dataset')).toMatchObject([
    {
      ...{ dataset: 't', checks: 4, failed_checks: 1, quality_score: 2 / 3, records_checked: 10, records_failed: 3 },
      ...{ last_failed_check: 'not null', last_run_id: 'a' },
    },
    { dataset: 'u', quality_score: 1 },
  ]);
  expect(await ask('quality-by-dataset', { dataset: 't', owner: 'other' })).toEqual([]);
});
