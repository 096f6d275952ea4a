import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { aggregateMetrics } from '../../flows/aggregate.ts';

const NOW = '2025-11-05T00:00:00.000Z';

let live: LiveStore;
let asked: [string, unknown][];
let engine: QueryEngine;
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  asked = [];
  engine = {
    dialect: 'trino',
    migrate: async () => [],
    query: async ({ name }, values) => {
      asked.push([name, values]);
      return [];
    },
  };
});

test('the metrics of due days are computed again, fifty at a time, as of now', async () => {
  const days = Array.from({ length: 51 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));
  await live.addDueDays(days);
  expect(await aggregateMetrics(engine, live, NOW)).toEqual(days.slice(0, 50));
  expect(await aggregateMetrics(engine, live, NOW)).toEqual(days.slice(50));
  expect(await aggregateMetrics(engine, live, NOW)).toEqual([]);
  expect(asked).toEqual([
    ['aggregate_metrics', { run_dates: days.slice(0, 50), now: NOW }],
    ['aggregate_metrics', { run_dates: days.slice(50), now: NOW }],
  ]);
});

test('days whose metrics could not be computed stay due', async () => {
  await live.addDueDays(['2025-11-03']);
  const broken: QueryEngine = { ...engine, query: () => Promise.reject(new Error('Athena is away')) };
  await expect(aggregateMetrics(broken, live, NOW)).rejects.toThrow('Athena is away');
  expect(await aggregateMetrics(engine, live, NOW)).toEqual(['2025-11-03']);
});
