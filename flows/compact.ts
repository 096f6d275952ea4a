import { errorMessage } from '../core/error-message.ts';
import { arrivalDateOf } from '../core/object-keys.ts';
import type { LineCounts, ObjectRecord } from '../core/objects/data-object.ts';
import { compacted, failed, missing, parked } from '../core/objects/object-change.ts';
import type { EventSink } from '../core/ports/event-sink.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import { EngineUnavailableError, OutOfTimeError, type QueryEngine } from '../core/ports/query-engine.ts';
import { OBJECTS_PER_STATEMENT, statementsFor } from '../sql/statements.ts';
import { reacceptLines } from './reaccept.ts';
import { withTodaysDates } from './track-object.ts';

/** What compaction reads, writes and marks. */
export interface CompactPorts {
  readonly engine: QueryEngine;
  readonly live: LiveStore;
  readonly store: ObjectStore;
  /** Where lines that accept did not write are sent. */
  readonly sink: EventSink;
}

/** Event dates a statement may span: an engine keeps one file open for each partition it writes, at most 100. */
export const MAX_EVENT_DATES = 50;
const MAX_FAILURES = 3;

/**
 * Takes one frozen list of tracked objects into `pipeline_logs` and counts what became of every line. The objects have
 * `maxBytes` together, as they are stored, but there is at least one. Returns the counts; none when nothing was due. A
 * list that goes on failing is halved until the bad objects are parked; until then the engine's error is thrown.
 */
export async function compactEvents(ports: CompactPorts, maxBytes: number): Promise<readonly LineCounts[]> {
  const tracked = await ports.live.objectsAt('tracked', { maxBytes, ...OBJECTS_PER_STATEMENT });
  if (tracked.length === 0) return [];
  const objects = await withTodaysDates(ports.store, ports.live, tracked);
  // Tried whole once more, a list that has failed so often would use up the time that its halves need.
  if (objects.length > 1 && !objects.every(isWorthTryingWhole)) {
    return (await parkMissing(ports, objects)) ? compactEvents(ports, maxBytes) : withoutTheBad(ports, objects);
  }
  let counts: readonly LineCounts[];
  try {
    counts = await insertLines(ports.engine, objects);
  } catch (error) {
    // A query that never started says nothing of the objects.
    if (error instanceof EngineUnavailableError) throw error;
    if (await parkMissing(ports, objects)) return compactEvents(ports, maxBytes);
    const records = await ports.live.changeObjects(
      objects.map(({ object }) => object),
      failed,
    );
    if (records.every(isWorthTryingWhole)) throw error;
    return withoutTheBad(ports, records, error);
  }
  await mark(ports, counts);
  return counts;
}

const isWorthTryingWhole = ({ failures }: ObjectRecord): boolean => failures < MAX_FAILURES;

/**
 * Parks those that are not in the store any more; whether there are any. They are taken in when they are there again. To
 * Trino an object that is gone is one without lines; DuckDB fails.
 */
async function parkMissing({ engine, live, store }: CompactPorts, objects: readonly ObjectRecord[]): Promise<boolean> {
  if (engine.dialect === 'trino') return false;
  const gone: string[] = [];
  for (const { object } of objects) if (!(await isThere(store, object))) gone.push(object);
  if (gone.length > 0) await live.changeObjects(gone, missing);
  return gone.length > 0;
}

async function isThere(store: ObjectStore, object: string): Promise<boolean> {
  for await (const { key } of store.list(object)) return key === object;
  return false;
}

/** So many objects that fail, each alone, before any other went well: then the fault is not in the objects. */
const MAX_BAD_AT_FIRST = 3;

/**
 * Halves a failing list until the objects that make it fail stand alone, inserts the others, and parks the bad ones.
 * Unless others went well, nothing is parked: the engine may be what fails, or a permission may be missing. Nor is
 * anything once the engine is away or the time is over: the next call goes on with what is left.
 */
async function withoutTheBad(
  ports: CompactPorts,
  records: readonly ObjectRecord[],
  failure?: unknown,
): Promise<readonly LineCounts[]> {
  const taken: LineCounts[] = [];
  const bad = new Map<string, unknown>();
  const search = async (objects: readonly ObjectRecord[], why: unknown): Promise<void> => {
    const [only, ...others] = objects;
    if (only !== undefined && others.length === 0) {
      bad.set(only.object, why);
      if (taken.length === 0 && bad.size === MAX_BAD_AT_FIRST) throw failure ?? why;
      return;
    }
    const half = Math.ceil(objects.length / 2);
    for (const part of [objects.slice(0, half), objects.slice(half)]) {
      let counts: readonly LineCounts[];
      try {
        counts = await insertLines(ports.engine, part);
      } catch (error) {
        if (error instanceof EngineUnavailableError || error instanceof OutOfTimeError) throw error;
        await search(part, error);
        continue;
      }
      await mark(ports, counts);
      taken.push(...counts);
    }
  };
  await search(records, failure);
  if (taken.length === 0) throw failure ?? [...bad.values()][0];
  for (const [object, why] of bad) await ports.live.changeObjects([object], parked(errorMessage(why)));
  return taken;
}

/** Inserts the lines of these objects and counts them. Doing it again inserts nothing twice. */
async function insertLines(engine: QueryEngine, objects: readonly ObjectRecord[]): Promise<readonly LineCounts[]> {
  const statements = statementsFor(engine.dialect);
  const keys = objects.map(({ object }) => object);
  const arrivalDates = [...new Set(keys.map((key) => arrivalDateOf(key) ?? ''))];
  const eventDates = [...new Set(objects.flatMap(({ event_dates }) => event_dates))].sort();
  for (let at = 0; at < eventDates.length; at += MAX_EVENT_DATES) {
    const dates = eventDates.slice(at, at + MAX_EVENT_DATES);
    await engine.query(statements.compactEvents, {
      objects: keys,
      arrival_dates: arrivalDates,
      event_dates: eventDates,
      event_days: dates,
    });
  }
  const counts = await engine.query(statements.countLines, {
    objects: keys,
    arrival_dates: arrivalDates,
    event_dates: eventDates,
  });
  const counted = new Map((counts as readonly LineCounts[]).map((each) => [each.object, each]));
  // An object without lines, or one that was removed, has no rows: it counts as compacted all the same.
  return keys.map((object) => counted.get(object) ?? { object, ...NO_LINES });
}

const NO_LINES = { lines: 0, inserted: 0, duplicates: 0, unreadable: 0, unaccepted: 0 };

async function mark({ live, store, sink }: CompactPorts, counts: readonly LineCounts[]): Promise<void> {
  // Before the mark, so that an interrupted call is done again.
  for (const { object, unaccepted } of counts) if (unaccepted > 0) await reacceptLines(store, sink, object);
  await live.changeObjects(
    counts.map(({ object }) => object),
    compacted(counts),
  );
}
