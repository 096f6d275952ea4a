import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { aggregateMetrics } from '../../flows/aggregate.ts';
import { tick } from '../../flows/tick.ts';
import { foldRuns, trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { aClock, aStore } from '../lambdas/fakes.ts';

const NOW = '2025-11-05T00:00:00.000Z';
const counts = { lines: 1, inserted: 1, duplicates: 0, unreadable: 0, unaccepted: 0 };
const sink = { send: async () => ({ received: 0, accepted: 0, rejected: 0 }) };

let live: LiveStore;
let asked: [string, Readonly<Record<string, unknown>>][];
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
      const { objects = [] } = values as { objects?: readonly string[] };
      return (name === 'count_lines' ? objects.map((object) => ({ object, ...counts })) : []) as never;
    },
  };
});
const names = () => asked.map(([name]) => name);
const run = (stop?: () => boolean) => tick({ engine, live, clock: aClock(NOW), store: aStore(), sink }, stop);

async function track(name: string, size_bytes: number): Promise<void> {
  const object = `raw/dt=2025-11-03/hh=12/${name}`;
  await live.recordObjects([{ object, lines: 0, size_bytes, event_dates: [] }]);
  await live.markTracked(object, ['2025-11-03'], { log_dates: ['2025-11-03'], run_dates: ['2025-11-03'] });
}

describe('a tick', () => {
  test('asks nothing when nothing is due', async () => {
    expect(await run()).toEqual({ compacted: [], summarized_objects: 0, aggregated_days: [] });
    expect(asked).toEqual([]);
  });

  test('takes every object through every stage, statement by statement', async () => {
    const MEGABYTE = 1024 * 1024;
    for (const name of ['a', 'b', 'c']) await track(name, 90 * MEGABYTE);
    const report = await run();
    expect(report.compacted.map(({ object }) => object.slice(-1))).toEqual(['a', 'b', 'c']);
    expect(report).toMatchObject({ summarized_objects: 3, aggregated_days: ['2025-11-03'] });
    expect(names().filter((name) => name === 'compact_events')).toHaveLength(3);
    expect(names().filter((name) => name === 'summarize_runs')).toHaveLength(2);
    expect(await run()).toEqual({ compacted: [], summarized_objects: 0, aggregated_days: [] });
  });

  test('counts the silence that the clock has brought', async () => {
    await trackRuns(live, foldRuns([anEvent({ lease_ms: 60_000 })]));
    expect((await run()).aggregated_days).toEqual(['2025-11-03']);
    expect(await live.dueRuns(NOW, 9)).toEqual([]);
  });

  test('that is to stop takes nothing new', async () => {
    await track('a', 1);
    await live.addDueDays(['2025-11-01']);
    expect(await run(() => true)).toEqual({ compacted: [], summarized_objects: 0, aggregated_days: [] });
    expect(asked).toEqual([]);
  });
});

describe('the metrics', () => {
  test('of due days are computed again, fifty at a time, as of now', async () => {
    const days = Array.from({ length: 51 }, (_, day) =>
      new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
    );
    await live.addDueDays(days);
    expect(await aggregateMetrics(engine, live, NOW)).toEqual(days.slice(0, 50));
    expect(await aggregateMetrics(engine, live, NOW)).toEqual(days.slice(50));
    expect(await aggregateMetrics(engine, live, NOW)).toEqual([]);
    expect(asked).toEqual([
      ['aggregate_metrics', { run_dates: days.slice(0, 50), now: NOW }],
      ['aggregate_metrics', { run_dates: days.slice(50), now: NOW }],
    ]);
  });

  test('that could not be computed stay due', async () => {
    await live.addDueDays(['2025-11-03']);
    const { query } = engine;
    engine = { ...engine, query: () => Promise.reject(new Error('Athena is away')) };
    await expect(aggregateMetrics(engine, live, NOW)).rejects.toThrow('Athena is away');
    expect(await aggregateMetrics({ ...engine, query }, live, NOW)).toEqual(['2025-11-03']);
  });
});
