import { expect, test } from 'vitest';
import { bandOf } from '../../../core/alert/baseline.ts';
import { aRun, aStep, type Cells, DAY, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

/** What the alert rules hold to be usual. */
const usual = (sample: readonly number[], least: (median: number) => number) =>
  bandOf(sample, { deviations: 5, minimum_runs: 14 }, least);

test('duration-trend: the band is what the alert rules would have called usual, of the runs before', async () => {
  const WEEKS = 40;
  const runs = Array.from({ length: WEEKS }, (_, at) =>
    aRun(`r${String(at).padStart(2, '0')}`, (WEEKS - at) * 7 * DAY, {
      duration_ms: 600_000 + ((at * 7919) % 97) * 1000,
      records_out: 1000 + ((at * 104_729) % 89),
    }),
  );
  // None of these is usual: a failure, a backfill, one that began long after its slot, another weekday.
  const others = [
    aRun('failed', 30 * 7 * DAY, { status: 'FAILED', duration_ms: 1 }),
    aRun('backfill', 20 * 7 * DAY, { run_mode: 'backfill', duration_ms: 2 }),
    aRun('old slot', 10 * 7 * DAY, { duration_ms: 3, scheduled_for: '2026-01-05T12:00:00.000Z' }),
    aRun('tuesday', 6 * 7 * DAY - DAY, { duration_ms: 4 }),
  ];
  await keep([...runs, ...others]);
  const trend = await ask('duration-trend');
  const shown = trend.filter(({ run_id }) => String(run_id).startsWith('r'));
  expect(shown.map(({ run_id }) => run_id)).toEqual(runs.slice(-12).map(({ run_id }) => run_id));
  const checked = shown.map((row) => {
    const before = runs
      .slice(
        0,
        runs.findIndex(({ run_id }) => run_id === row.run_id),
      )
      .slice(-30);
    const durations = before.map(({ duration_ms }) => Number(duration_ms));
    const band = usual(durations, (median) => Math.max(10_000, 0.05 * median));
    const records = usual(
      before.map((each) => Number(each.records_out)),
      (median) => Math.max(1, 0.01 * median),
    );
    return [row, bandOfRow(band, records, before)] as const;
  });
  for (const [row, band] of checked) expect(row).toMatchObject(band);
  expect(shown.at(-1)).toMatchObject({ usual_runs: 30 });
});

const bandOfRow = (
  band: ReturnType<typeof usual>,
  records: ReturnType<typeof usual>,
  before: readonly Cells[],
): Cells => ({
  usual_runs: before.length < 14 ? null : before.length,
  expected_low_ms: rounded(band?.low),
  expected_mid_ms: rounded(band?.median),
  expected_high_ms: rounded(band?.high),
  expected_low_records: rounded(records?.low),
  expected_mid_records: rounded(records?.median),
  expected_high_records: rounded(records?.high),
});

const rounded = (value: number | undefined): number | null => (value === undefined ? null : Math.floor(value + 0.5));

test('duration-trend: no band before fourteen good runs are known; the latest runs alone are shown', async () => {
  await keep(Array.from({ length: 16 }, (_, at) => aRun(`r${at}`, 7 * (16 - at), { duration_ms: 60_000 })));
  expect(await ask('duration-trend', { limit: '3' })).toMatchObject([
    { run_id: 'r13', expected_mid_ms: null, usual_runs: null },
    { run_id: 'r14', expected_low_ms: 10_000, expected_mid_ms: 60_000, expected_high_ms: 110_000 },
    { run_id: 'r15', usual_runs: 15 },
  ]);
});

test('step-trend and the failure rates: by day, over seven days', async () => {
  const runs = [
    aRun('old', 9 * DAY, { status: 'FAILED' }),
    aRun('a', 6 * DAY, { status: 'FAILED' }),
    aRun('b', 3 * DAY),
    aRun('c', 3 * DAY - 60),
  ];
  const [old, a, b, c] = runs as [Cells, Cells, Cells, Cells];
  const failing = { status: 'FAILED' };
  await keep(runs, [
    aStep(old, 'load', failing),
    aStep(a, 'load', failing),
    aStep(a, 'open', { status: 'RUNNING', error_code: 'T101', duration_ms: null }),
    aStep(b, 'load', { duration_ms: 10 }),
    aStep(c, 'load', { duration_ms: 20 }),
  ]);
  expect(await ask('step-trend', { since: '7d' })).toMatchObject([
    { step_name: 'load', steps: 1, failures: 1 },
    { step_name: 'load', steps: 2, failures: 0, median_ms: 10, p95_ms: 20 },
    { step_name: 'open', steps: 1, failures: 1, median_ms: null },
  ]);
  // The week up to the first day asked for begins before it.
  expect(await ask('failure-rates', { since: '4d' })).toMatchObject([
    { ended_7d: 4, failed_7d: 2, failure_rate_7d: 0.5 },
  ]);
  expect(await ask('step-failure-rates', { since: '4d', process_name: 'ord*' })).toMatchObject([
    { step_name: 'load', ended_7d: 4, failed_7d: 2 },
  ]);
});
