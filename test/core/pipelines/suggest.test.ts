import { describe, expect, test } from 'vitest';
import { readPipelines } from '../../../core/pipelines/read-pipelines.ts';
import { type SeenRun, suggestedFile } from '../../../core/pipelines/suggest.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.UTC(2025, 8, 1, 2);
const seen = (process_name: string, ms: number, more: Partial<SeenRun> = {}): SeenRun => ({
  environment: 'prod',
  process_name,
  start_time: new Date(ms).toISOString(),
  duration_ms: 600_000,
  status: 'SUCCESS',
  ...more,
});
/** Each day of four weeks, a few minutes after two, Monday first. */
const nightly = (process_name: string, isOn = (_: number) => true) =>
  Array.from({ length: 28 }, (_, day) => day)
    .filter(isOn)
    .map((day) => seen(process_name, FIRST + day * DAY_MS + (day % 7) * 60_000));
const fileOf = (runs: readonly SeenRun[], zone = 'UTC') => suggestedFile(runs, zone, '2025-09-01T00:00:00.000Z');
const entryOf = (runs: readonly SeenRun[], zone = 'UTC') => {
  const { expectations, problems } = readPipelines(fileOf(runs, zone), { datesOf: () => undefined });
  expect(problems).toEqual([]);
  return expectations?.pipelines[0];
};

describe('a first file', () => {
  test('has the time of day at which a nightly pipeline starts, in the zone that was asked for', () => {
    expect(entryOf(nightly('orders'))).toMatchObject({
      pattern: 'orders',
      environment: 'prod',
      schedule: { cron: '0 2 * * *', start_grace: 15 * 60_000 },
      max_duration: 20 * 60_000,
    });
    expect(entryOf(nightly('orders'), 'Europe/Stockholm')?.schedule).toMatchObject({ cron: '0 4 * * *' });
  });

  test('has the weekdays on which it runs', () => {
    expect(entryOf(nightly('orders', (day) => day % 7 < 5))?.schedule?.cron).toBe('0 2 * * mon-fri');
    expect(entryOf(nightly('orders', (day) => day % 7 === 0 || day % 7 === 3))?.schedule?.cron).toBe('0 2 * * mon,thu');
  });

  test('has how often one starts that starts often', () => {
    const runs = Array.from({ length: 200 }, (_, at) => seen('ticks', FIRST + at * 901_000));
    expect(entryOf(runs)?.schedule).toMatchObject({ every_ms: 900_000, start_grace: 480_000 });
  });

  test('proposes no schedule where there is none, and says why', () => {
    const anyTime = nightly('ad hoc').map((run, at) =>
      seen('ad hoc', Date.parse(run.start_time) + ((at * 37) % 17) * 3_600_000),
    );
    expect(entryOf(anyTime)?.schedule).toBeUndefined();
    expect(fileOf(anyTime)).toContain('no schedule is proposed');
    expect(fileOf(anyTime.slice(0, 3))).toContain('fewer than 5 runs show no schedule');
  });

  test('has its evidence as comments, and names as they are', () => {
    const runs = nightly('it\'s "new": #1').map((run, at) => (at === 3 ? { ...run, status: 'FAILED' } : run));
    expect(fileOf(runs)).toContain('# 28 runs, 1 failed; they start about 02:03, from 02:00 to 02:06, every day');
    expect(entryOf(runs)?.pattern).toBe('it\'s "new": #1');
  });

  test('is one that holds though nothing was seen, and has a name of two environments once', () => {
    expect(readPipelines(fileOf([]), { datesOf: () => undefined }).problems).toEqual([]);
    const both = [
      ...nightly('orders'),
      ...nightly('orders')
        .slice(0, 9)
        .map((run) => ({ ...run, environment: 'test' })),
    ];
    expect(entryOf(both)).toMatchObject({ environment: 'prod' });
    expect(fileOf(both)).toContain('# It runs in "test" too.');
  });
});
