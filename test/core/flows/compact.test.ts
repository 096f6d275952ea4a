import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLiveStore } from '../../../adapters/sqlite/live-store.ts';
import { type CompactPorts, compactEvents } from '../../../core/flows/compact.ts';
import type { LiveStore, QueryEngine } from '../../../core/ports.ts';

/** An engine that does nothing but fail whenever a bad object is in the list, and counts every line as new. */
function engineThatChokesOn(bad: ReadonlySet<string>): QueryEngine & { readonly lists: string[][] } {
  const lists: string[][] = [];
  return {
    lists,
    dialect: 'duckdb',
    migrate: async () => [],
    query: async (query, values) => {
      const objects = (values as { objects: readonly string[] }).objects;
      if (query.name === 'compact_events') {
        lists.push([...objects]);
        if (objects.some((object) => bad.has(object))) throw new Error('the engine chokes');
        return [];
      }
      return objects.map((object) => ({
        object,
        lines: 1,
        inserted: 1,
        duplicates: 0,
        unreadable: 0,
        unaccepted: 0,
      })) as never;
    },
  };
}

let live: LiveStore;
beforeEach(async () => {
  live = openLiveStore(':memory:');
  const objects = ['a', 'b', 'c', 'd', 'e'].map((name) => `raw/dt=2025-11-03/hh=00/${name}.ndjson`);
  await live.recordObjects(objects.map((object) => ({ object, lines: 1, size_bytes: 100, event_dates: [] })));
  for (const object of objects) await live.markTracked(object, ['2025-11-03'], { log_dates: [], run_dates: [] });
});
afterEach(() => live.close());

const unused = {
  send: () => Promise.reject(new Error('nothing is sent')),
  put: () => Promise.reject(),
  get: () => Promise.reject(),
  list: async function* () {},
};
const ports = (engine: QueryEngine): CompactPorts => ({ engine, live, sink: unused, store: unused as never });

test('a list is taken whole, as far as its bytes allow', async () => {
  const engine = engineThatChokesOn(new Set());
  expect(await compactEvents(ports(engine), 250)).toHaveLength(2);
  expect(await compactEvents(ports(engine), 1000)).toHaveLength(3);
  expect(await compactEvents(ports(engine), 1000)).toEqual([]);
});

test('a failing list stays due; after the third failure it is halved until the bad object alone is parked', async () => {
  const bad = 'raw/dt=2025-11-03/hh=00/c.ndjson';
  const engine = engineThatChokesOn(new Set([bad]));
  await expect(compactEvents(ports(engine), 1000)).rejects.toThrow('the engine chokes');
  await expect(compactEvents(ports(engine), 1000)).rejects.toThrow('the engine chokes');
  const counts = await compactEvents(ports(engine), 1000);
  expect(counts.map(({ object }) => object.slice(-8, -7))).toEqual(['a', 'b', 'd', 'e']);
  expect((await live.summary()).parked).toEqual([{ object: bad, why: 'the engine chokes' }]);
  expect(engine.lists.map((list) => list.length)).toEqual([5, 5, 5, 3, 2, 1, 2]);
});

test('a statement spans at most fifty event dates', async () => {
  const dates = Array.from({ length: 150 }, (_, day) =>
    new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const object = 'raw/dt=2025-11-04/hh=00/many.ndjson';
  await live.recordObjects([{ object, lines: 1, size_bytes: 1, event_dates: dates }]);
  await live.markTracked(object, dates, { log_dates: [], run_dates: [] });
  const engine = engineThatChokesOn(new Set());
  await compactEvents(ports(engine), 1000);
  expect(engine.lists).toHaveLength(4);
});
