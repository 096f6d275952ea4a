import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { isMissing, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { EngineUnavailableError, OutOfTimeError, type QueryEngine } from '../../core/ports/query-engine.ts';
import { type CompactPorts, compactEvents } from '../../flows/compact.ts';

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
  removed.clear();
  live = openLiveStore(':memory:');
  const objects = ['a', 'b', 'c', 'd', 'e'].map((name) => `raw/dt=2025-11-03/hh=00/${name}.ndjson`);
  await live.recordObjects(objects.map((object) => ({ object, lines: 1, size_bytes: 100 })));
  await live.changeObjects(objects, tracked({ event_dates: ['2025-11-03'], log_dates: [], run_dates: [] }, 0));
});
afterEach(() => live.close());

const unused = {
  send: () => Promise.reject(new Error('nothing is sent')),
  put: () => Promise.reject(),
  get: () => Promise.reject(),
  /** Everything is there, but for what was removed. */
  list: async function* (prefix: string) {
    if (!removed.has(prefix)) yield { key: prefix, size_bytes: 100 };
  },
};
const removed = new Set<string>();
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

test('an object that failed before does not hold up those that came since', async () => {
  const bad = 'raw/dt=2025-11-03/hh=00/a.ndjson';
  const engine = engineThatChokesOn(new Set([bad]));
  for (const _ of [1, 2, 3, 4]) await expect(compactEvents(ports(engine), 100)).rejects.toThrow('the engine chokes');
  expect((await live.summary()).parked).toEqual([]);
  expect(await compactEvents(ports(engine), 1000)).toHaveLength(4);
  expect((await live.summary()).parked).toEqual([{ object: bad, why: 'the engine chokes' }]);
});

test('while nothing goes well, however long, nothing is parked; afterwards everything is taken in', async () => {
  const objects = await live.objectsAt('tracked', {});
  const engine = engineThatChokesOn(new Set(objects.map(({ object }) => object)));
  for (const _ of [1, 2, 3, 4, 5])
    await expect(compactEvents(ports(engine), 1000)).rejects.toThrow('the engine chokes');
  expect(engine.lists.slice(2, 9).map((list) => list.length)).toEqual([5, 3, 2, 1, 1, 1, 3]);
  expect((await live.summary()).parked).toEqual([]);
  expect(await compactEvents(ports(engineThatChokesOn(new Set())), 1000)).toHaveLength(5);
});

test('what the engine could not be asked is held against no object', async () => {
  const engine: QueryEngine = {
    ...engineThatChokesOn(new Set()),
    query: () => Promise.reject(new EngineUnavailableError('query compact_events did not start')),
  };
  for (const _ of [1, 2, 3, 4]) await expect(compactEvents(ports(engine), 1000)).rejects.toThrow('did not start');
  expect((await live.objectsAt('tracked', {})).map(({ failures }) => failures)).toEqual([0, 0, 0, 0, 0]);
});

test.each([
  ['away', () => new EngineUnavailableError('query compact_events did not start')],
  ['out of time', () => new OutOfTimeError('query compact_events was cancelled')],
])('an engine that is %s in the middle of the search parks no object', async (_, fault) => {
  const bad = 'raw/dt=2025-11-03/hh=00/c.ndjson';
  const engine = engineThatChokesOn(new Set([bad]));
  for (const _ of [1, 2]) await expect(compactEvents(ports(engine), 1000)).rejects.toThrow('the engine chokes');
  const query: QueryEngine['query'] = async (asked, values) => {
    if (asked.name === 'compact_events' && engine.lists.length === 5) throw fault();
    return engine.query(asked, values);
  };
  await expect(compactEvents(ports({ ...engine, query }), 1000)).rejects.toThrow('compact_events');
  expect((await live.summary()).parked).toEqual([]);
  expect(await compactEvents(ports(engine), 1000)).toHaveLength(2);
  expect((await live.summary()).parked).toEqual([{ object: bad, why: 'the engine chokes' }]);
});

test('a list that takes longer than its caller has is taken in halves, call by call', async () => {
  const engine = engineThatChokesOn(new Set());
  let leftForObjects = 0;
  const query: QueryEngine['query'] = async (asked, values) => {
    const { length } = (values as { objects: readonly string[] }).objects;
    if (asked.name === 'compact_events') {
      const isOver = length > leftForObjects;
      leftForObjects = isOver ? 0 : leftForObjects - length;
      if (isOver) throw new OutOfTimeError('it was cancelled');
    }
    return engine.query(asked, values);
  };
  const call = async (): Promise<number> => {
    leftForObjects = 4;
    return compactEvents(ports({ ...engine, query }), 1000).then(
      (counts) => counts.length,
      () => 0,
    );
  };
  const taken = [await call(), await call(), await call(), await call(), await call()];
  expect(taken).toEqual([0, 0, 0, 0, 2]);
  expect(await live.summary()).toMatchObject({ objects: { tracked: 0, compacted: 5 } });
});

test('a list is bounded by the length of its keys, which stand in the text of the statements', async () => {
  const long = Array.from({ length: 100 }, (_, at) => `raw/dt=2025-11-03/hh=01/${String(at).padStart(976, '0')}`);
  await live.recordObjects(long.map((object) => ({ object, lines: 1, size_bytes: 1 })));
  await live.changeObjects(long, tracked({ event_dates: ['2025-11-03'], log_dates: [], run_dates: [] }, 0));
  expect(await compactEvents(ports(engineThatChokesOn(new Set())), 1000)).toHaveLength(5 + 74);
});

test('an object of which nothing is left is done with', async () => {
  const engine = engineThatChokesOn(new Set());
  const gone = 'raw/dt=2025-11-03/hh=00/b.ndjson';
  const query: QueryEngine['query'] = async (asked, values) => {
    const rows = (await engine.query(asked, values)) as readonly Record<string, unknown>[];
    return rows.filter(({ object }) => object !== gone) as never;
  };
  expect(await compactEvents(ports({ ...engine, query }), 1000)).toHaveLength(5);
  expect(await live.summary()).toMatchObject({ objects: { tracked: 0, compacted: 5 }, lines: { lines: 4 } });
});

test('a statement spans at most fifty event dates', async () => {
  const dates = Array.from({ length: 150 }, (_, day) =>
    new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10),
  );
  const object = 'raw/dt=2025-11-04/hh=00/many.ndjson';
  await live.recordObjects([{ object, lines: 1, size_bytes: 1 }]);
  await live.changeObjects([object], tracked({ event_dates: dates, log_dates: [], run_dates: [] }, 0));
  const engine = engineThatChokesOn(new Set());
  await compactEvents(ports(engine), 1000);
  expect(engine.lists).toHaveLength(4);
});

test('objects that are gone are parked until they are there again, and the others are taken at once', async () => {
  const gone = ['b', 'd'].map((name) => `raw/dt=2025-11-03/hh=00/${name}.ndjson`);
  for (const object of gone) removed.add(object);
  expect(await compactEvents(ports(engineThatChokesOn(removed)), 1000)).toHaveLength(3);
  const parked = await live.objectsAt('parked', {});
  expect(parked.map(({ object }) => object)).toEqual(gone);
  expect(parked.every(isMissing)).toBe(true);
});
