import type { DatabaseSync } from 'node:sqlite';
import type { Instant } from '../../core/instant.ts';
import type { ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import { type ObjectChange, recorded } from '../../core/objects/object-change.ts';
import { withinLimits } from '../../core/objects/object-limits.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DataObjects } from '../../core/ports/data-objects.ts';
import { inTransaction } from './transaction.ts';

/** Every record but those of forgotten objects, by key: nobody minds whether they are still there. */
export interface RecordedSizes {
  recordedSizes(): readonly { readonly object: string; readonly size_bytes: number }[];
}

const MAX_COUNTED = 1000;

/** Landed objects and how far each has come. Without a clock none is known to wait since a moment. */
export function objectsIn(database: DatabaseSync, clock?: Clock): DataObjects & RecordedSizes {
  const find = database.prepare('select * from objects where object = ?');
  const isKnown = database.prepare('select 1 from objects where object = ?');
  const atStage = database.prepare('select * from objects where stage = ? order by object');
  const waiting = database.prepare(
    'select count(*) as objects, min(since) as since from (select since from objects where stage = ? limit ?)',
  );
  const insert = database.prepare(
    `insert into objects (
       stage, lines, size_bytes, failures, event_dates, log_dates, run_dates, dates_as_of,
       counted, inserted, duplicates, unreadable, unaccepted, why, since, object
     ) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const replace = database.prepare(
    `update objects set
       stage = ?, lines = ?, size_bytes = ?, failures = ?, event_dates = ?, log_dates = ?, run_dates = ?, dates_as_of = ?,
       counted = ?, inserted = ?, duplicates = ?, unreadable = ?, unaccepted = ?, why = ?, since = ?
     where object = ?`,
  );
  // Objects found on disk at start are recorded without a count: they landed with the lines that compaction counted.
  const linesUnder = database.prepare(
    `select coalesce(sum(max(coalesce(lines, 0), coalesce(counted, 0))), 0) as lines from objects
     where object >= ? and object < ? and stage not in ('parked', 'forgotten')`,
  );

  const changeObjects = (objects: readonly string[], change: ObjectChange): readonly ObjectRecord[] =>
    inTransaction(database, () =>
      [...new Set(objects)].flatMap((object) => {
        const row = find.get(object);
        const before = row && recordOf(row);
        const after = change(before, object);
        if (after === undefined) return before ?? [];
        const since = before?.stage === after.stage ? (row?.since as Instant | null) : (clock?.now() ?? null);
        (before === undefined ? insert : replace).run(...cellsOf(after), since, object);
        return after;
      }),
    );

  const sizes = database.prepare("select object, size_bytes from objects where stage <> 'forgotten' order by object");

  return {
    recordedSizes: () => sizes.all() as { object: string; size_bytes: number }[],

    async recordObjects(objects) {
      changeObjects(
        objects.map(({ object }) => object),
        recorded(objects),
      );
    },

    async hasObject(object) {
      return isKnown.get(object) !== undefined;
    },

    async objectsAt(stage, limits) {
      const fits = withinLimits(limits);
      const taken: ObjectRecord[] = [];
      for (const row of atStage.iterate(stage)) {
        const next = recordOf(row);
        if (!fits(next)) break;
        taken.push(next);
      }
      return taken;
    },

    async waitingAt(stage) {
      const { objects, since } = waiting.get(stage, MAX_COUNTED) as { objects: number; since: Instant | null };
      return { objects, since: since ?? undefined };
    },

    async changeObjects(objects, change) {
      return changeObjects(objects, change);
    },

    async recordedLines(prefix) {
      return linesUnder.get(prefix, `${prefix}\u{10FFFF}`)?.lines as number;
    },
  };
}

/** In the order of the statements, up to `since` and the key. */
const cellsOf = ({ counts, ...record }: ObjectRecord): readonly (string | number | null)[] => [
  record.stage,
  record.lines ?? null,
  record.size_bytes,
  record.failures,
  JSON.stringify(record.event_dates),
  JSON.stringify(record.log_dates),
  JSON.stringify(record.run_dates),
  record.dates_as_of ?? null,
  counts?.lines ?? null,
  counts?.inserted ?? null,
  counts?.duplicates ?? null,
  counts?.unreadable ?? null,
  counts?.unaccepted ?? null,
  record.why ?? null,
];

function recordOf(row: Readonly<Record<string, unknown>>): ObjectRecord {
  const dates = (column: string): readonly string[] => JSON.parse(row[column] as string) as string[];
  return {
    object: row.object as string,
    lines: (row.lines as number | null) ?? undefined,
    size_bytes: row.size_bytes as number,
    stage: row.stage as Stage,
    failures: row.failures as number,
    event_dates: dates('event_dates'),
    log_dates: dates('log_dates'),
    run_dates: dates('run_dates'),
    dates_as_of: (row.dates_as_of as number | null) ?? undefined,
    counts: countsOf(row),
    why: (row.why as string | null) ?? undefined,
  };
}

function countsOf(row: Readonly<Record<string, unknown>>): ObjectRecord['counts'] {
  if (row.counted === null) return undefined;
  const { counted, inserted, duplicates, unreadable, unaccepted } = row as Readonly<Record<string, number>>;
  return { lines: counted, inserted, duplicates, unreadable, unaccepted } as ObjectRecord['counts'];
}
