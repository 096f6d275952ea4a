import { expect, test } from 'vitest';
import { alertFiles } from '../alert-files.ts';
import { ago, aRun, aStep, type Cells, DAY, keptLake } from './kept.ts';

const { keep, ask, lake } = keptLake();
const HOUR_MS = 3_600_000;

test('flaky-steps: neither a step that always works nor one that never does', async () => {
  const runs = [4, 3, 2, 1].map((days) => aRun(`r${days}`, days * DAY));
  const outcome = (step: string, statuses: readonly string[], tries: readonly number[] = [1, 1, 1, 1]) =>
    runs.map((run, at) => aStep(run, step, { status: statuses[at], attempt: tries[at] }));
  const [S, F] = ['SUCCESS', 'FAILED'];
  await keep(runs, [
    ...outcome('steady', [S, S, S, S]),
    ...outcome('broken', [F, F, F, F]),
    ...outcome('odd', [S, F, S, S]),
    ...outcome('retried', [S, S, S, S], [1, 3, 1, 1]),
  ]);
  expect(await ask('flaky-steps')).toMatchObject([
    { step_name: 'odd', runs: 4, failures: 1, retried: 0, changes: 2, flakiness: 0.5, last_failure_at: ago(3 * DAY) },
    { step_name: 'retried', runs: 4, failures: 0, retried: 1, changes: 0, flakiness: 0.25, last_failure_at: null },
  ]);
});

test('slowest-growing: the medians of both halves of the time', async () => {
  const of = (process_name: string, earlier: readonly number[], later: readonly number[]) => [
    ...earlier.map((duration_ms, at) => aRun(`e${at}`, (20 + at) * DAY, { process_name, duration_ms })),
    ...later.map((duration_ms, at) => aRun(`l${at}`, (1 + at) * DAY, { process_name, duration_ms })),
  ];
  await keep([
    ...of('slower', [10, 20, 30], [60, 40, 20]),
    ...of('faster', [30, 30, 30], [10, 10, 10]),
    ...of('few', [10, 10], [50, 50, 50]),
  ]);
  expect(await ask('slowest-growing')).toMatchObject([
    { process_name: 'slower', earlier_median_ms: 20, later_median_ms: 40, grown_by_ms: 20, growth: 2 },
  ]);
  expect(await ask('slowest-growing', { least_runs: '2' })).toHaveLength(2);
});

test('longest-silent: beside the usual time between two runs', async () => {
  await keep([
    ...[50, 40, 30].map((hours) => aRun(`r${hours}`, hours * 60)),
    aRun('once', 40 * 60, { process_name: 'once', status: 'FAILED' }),
  ]);
  expect(await ask('longest-silent')).toMatchObject([
    { process_name: 'once', silent_ms: 40 * HOUR_MS, usual_gap_ms: null, times_usual: null, last_status: 'FAILED' },
    { process_name: 'orders', silent_ms: 30 * HOUR_MS, usual_gap_ms: 10 * HOUR_MS, times_usual: 3, last_run_id: 'r30' },
  ]);
});

test('never-succeeded: one success is enough to be left out', async () => {
  const failed: Cells = { status: 'FAILED', error_code: 'C301', owner: 'crm' };
  await keep([
    aRun('a', 3 * DAY, { ...failed, process_name: 'never' }),
    aRun('b', 2 * DAY, { process_name: 'never', status: 'CANCELLED' }),
    aRun('c', 3 * DAY),
    aRun('d', 2 * DAY, failed),
  ]);
  expect(await ask('never-succeeded')).toEqual([
    {
      ...{ environment: 'prod', process_name: 'never', owner: 'crm', runs: 2, failed: 1 },
      ...{ first_at: ago(3 * DAY), last_at: ago(2 * DAY), last_run_id: 'b', last_status: 'CANCELLED' },
      last_error_code: 'C301',
    },
  ]);
});

test('expected-against-actual: each slot, and the runs of that day that fill none', async () => {
  for (const [object, lines] of await alertFiles()) lake().writeObject(object, lines);
  await lake().engine.migrate();
  await keep([]);
  const slots = await ask('expected-against-actual', { day: '2025-11-03' });
  expect(slots.length).toBeGreaterThan(0);
  const filled = slots.find(({ run_id }) => run_id !== null);
  const slot = String(filled?.slot);
  const late = new Date(Date.parse(slot) + 90_000).toISOString();
  await keep([
    aRun(String(filled?.run_id), 0, {
      ...{ environment: filled?.environment, process_name: filled?.process_name },
      ...{ start_time: late, run_date: '2025-11-03' },
    }),
    aRun('of no slot', 0, { start_time: '2025-11-03T23:00:00.000Z', run_date: '2025-11-03' }),
  ]);
  const actual = await ask('expected-against-actual', { day: '2025-11-03' });
  expect(actual).toHaveLength(slots.length + 1);
  expect(actual.find(({ run_id }) => run_id === filled?.run_id)).toMatchObject({
    run_status: 'SUCCESS',
    late_by_ms: 90_000,
  });
  expect(actual.find(({ run_id }) => run_id === 'of no slot')).toMatchObject({ state: 'unscheduled', slot: null });
  expect(await ask('expected-against-actual', { day: '2025-10-01' })).toEqual([]);
});
