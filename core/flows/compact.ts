import { OBJECTS_PER_STATEMENT, statementsFor } from '../../sql/statements.ts';
import type { EventSink, LineCounts, LiveStore, ObjectRecord, ObjectStore, QueryEngine } from '../ports.ts';
import { reacceptLines } from './reaccept.ts';

export interface CompactPorts {
  readonly engine: QueryEngine;
  readonly live: LiveStore;
  readonly store: ObjectStore;
  /** Where lines that accept did not write are sent. */
  readonly sink: EventSink;
}

/** Event dates a statement may span: an engine keeps one file open for each partition it writes, at most 100. */
const MAX_EVENT_DATES = 50;
const MAX_FAILURES = 3;

/**
 * Takes one frozen list of tracked objects into `pipeline_logs` and counts what became of every line. Returns the
 * counts; none when nothing was due. A list that fails three times is halved until the bad object is parked.
 */
export async function compactEvents(ports: CompactPorts, maxBytes: number): Promise<readonly LineCounts[]> {
  const objects = await ports.live.objectsAt('tracked', { maxBytes, maxObjects: OBJECTS_PER_STATEMENT });
  return objects.length === 0 ? [] : compactObjects(ports, objects);
}

async function compactObjects(ports: CompactPorts, objects: readonly ObjectRecord[]): Promise<readonly LineCounts[]> {
  const { engine, live } = ports;
  const statements = statementsFor(engine.dialect);
  const keys = objects.map(({ object }) => object);
  const arrivalDates = [...new Set(keys.map(arrivalDateOf))];
  const eventDates = [...new Set(objects.flatMap(({ event_dates }) => event_dates))].sort();
  try {
    for (let at = 0; at < eventDates.length; at += MAX_EVENT_DATES) {
      const dates = eventDates.slice(at, at + MAX_EVENT_DATES);
      await engine.query(statements.compactEvents, {
        objects: keys,
        arrival_dates: arrivalDates,
        event_dates: dates,
        event_days: dates,
      });
    }
    const rows = await engine.query(statements.countLines, {
      objects: keys,
      arrival_dates: arrivalDates,
      event_dates: eventDates,
    });
    const counts = rows as readonly LineCounts[];
    // Before the mark: what is interrupted here is done again.
    for (const { object, unaccepted } of counts)
      if (unaccepted > 0) await reacceptLines(ports.store, ports.sink, object);
    await live.markCompacted(counts);
    return counts;
  } catch (error) {
    return failed(ports, objects, error);
  }
}

async function failed(
  ports: CompactPorts,
  objects: readonly ObjectRecord[],
  error: unknown,
): Promise<readonly LineCounts[]> {
  const records = await ports.live.countFailure(objects.map(({ object }) => object));
  if (records.some(({ failures }) => failures < MAX_FAILURES)) throw error;
  const [only] = records;
  if (records.length === 1 && only) {
    await ports.live.park([only.object], error instanceof Error ? error.message : String(error));
    return [];
  }
  const half = Math.ceil(records.length / 2);
  const first = await compactObjects(ports, records.slice(0, half));
  return [...first, ...(await compactObjects(ports, records.slice(half)))];
}

/** The `dt` of an object's key. */
const arrivalDateOf = (object: string): string => /dt=(\d{4}-\d{2}-\d{2})\//.exec(object)?.[1] ?? '';
