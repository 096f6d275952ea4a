import { expect, test } from 'vitest';
import { ago, anEventOf, aRun, aStep, DAY, keptLake } from './kept.ts';

const { keep, ask } = keptLake();

test('throughput: of the runs that counted, over the time that these took', async () => {
  await keep([
    aRun('a', 60, { duration_ms: 2000, records_in: 100, records_out: 50, data_size_bytes_in: 4000 }),
    aRun('b', 50, { duration_ms: 3000, records_in: 100 }),
    aRun('uncounted', 40, { duration_ms: 60_000 }),
  ]);
  expect(await ask('throughput')).toMatchObject([
    { runs: 3, records: 150, bytes: 4000, records_per_second: 30, bytes_per_second: 2000 },
  ]);
});

test('parallel-efficiency: the work of steps against the duration and the most at once', async () => {
  const run = aRun('a', 60, { duration_ms: 100_000 });
  const from = Date.parse(String(run.start_time));
  const step = (name: string, start: number, end: number) =>
    aStep(run, name, {
      start_time: new Date(from + start * 1000).toISOString(),
      end_time: new Date(from + end * 1000).toISOString(),
    });
  const plain = aRun('b', 50, { duration_ms: 10_000 });
  await keep(
    [run, plain, aRun('without steps', 40)],
    [
      step('a', 0, 50),
      step('b', 0, 60),
      step('c', 50, 90),
      step('open', 60, 60),
      aStep(plain, 'x', { end_time: null }),
    ],
  );
  expect(await ask('parallel-efficiency')).toMatchObject([
    // Where one step ends as another begins, they do not run at once.
    { run_id: 'a', steps: 4, work_ms: 150_000, most_at_once: 2, speedup: 1.5, efficiency: 0.75 },
  ]);
});

test('data-lag: from the end of the interval to the end of the run, and how far the data has come', async () => {
  const run = (id: string, days: number, lagMinutes: number, cells = {}) =>
    aRun(id, days * DAY, { duration_ms: 60_000, data_interval_end: ago(days * DAY + lagMinutes - 1), ...cells });
  await keep([
    run('a', 3, 10),
    run('b', 2, 30),
    run('c', 1, 20),
    run('failed', 0.5, 1, { status: 'FAILED' }),
    aRun('no', 9),
  ]);
  expect(await ask('data-lag')).toMatchObject([
    {
      ...{ runs: 3, data_until: ago(DAY + 19), behind_ms: (DAY + 19) * 60_000 },
      ...{ last_lag_ms: 20 * 60_000, median_lag_ms: 20 * 60_000, p95_lag_ms: 30 * 60_000 },
    },
  ]);
});

test("shuffle: the run's own number, else the sum of its steps', whatever is told twice", async () => {
  const [a, b] = [aRun('a', 60), aRun('b', 50)];
  const metrics = (name: string, value: number) => ({ metrics: mapOf({ [name]: value }) });
  await keep(
    [a, b],
    [],
    [
      anEventOf(a, 59, metrics('shuffle_bytes', 100)),
      anEventOf(a, 58, metrics('shuffle_bytes', 300)),
      anEventOf(a, 57, { step_name: 'load', ...metrics('shuffle_bytes', 999) }),
      anEventOf(b, 49, { step_name: 'load', ...metrics('shuffle_read_bytes', 7) }),
      anEventOf(b, 48, { step_name: 'load', ...metrics('shuffle_write_bytes', 5) }),
      anEventOf(b, 47, { step_name: 'sort', ...metrics('shuffle_bytes', 20) }),
      anEventOf(b, 46, metrics('rows', 1)),
    ],
  );
  expect(await ask('shuffle')).toMatchObject([{ runs: 2, shuffle_bytes: 300 + 7 + 20, most_bytes: 300 }]);
});

test('ledger-cost: the events of each day and the room of their lines', async () => {
  const run = aRun('a', 60);
  await keep(
    [],
    [],
    [
      anEventOf(run, 59, { raw_payload: '12345', object: 'o' }),
      anEventOf(run, 58, { raw_payload: '123', object: 'o' }),
      anEventOf(run, 20 * DAY, { raw_payload: '1', object: 'p' }),
    ],
  );
  expect(await ask('ledger-cost')).toEqual([
    { day: '2026-11-30', events: 2, objects: 1, characters: 8, questions: 0, refused: 0, callers: 0 },
  ]);
});

/** A map, as `kept.ts` writes one. */
const mapOf = (entries: Readonly<Record<string, number>>) => ({ map: entries });
