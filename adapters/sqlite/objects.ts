import type { DatabaseSync } from 'node:sqlite';
import type { ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import type { DataObjects } from '../../core/ports/data-objects.ts';
import { inTransaction } from './transaction.ts';

/** Landed objects and how far each has come. */
export function objectsIn(database: DatabaseSync): DataObjects {
  const record = database.prepare(
    `insert into objects (object, stage, lines, size_bytes, event_dates) values (?, 'recorded', ?, ?, ?)
     on conflict do nothing`,
  );
  const find = database.prepare('select * from objects where object = ?');
  const isKnown = database.prepare('select 1 from objects where object = ?');
  const atStage = database.prepare('select * from objects where stage = ? order by object');
  const moveOn = database.prepare('update objects set stage = ? where object = ? and stage = ?');
  const setDates = database.prepare(
    'update objects set event_dates = ?, log_dates = ?, run_dates = ? where object = ?',
  );
  const setCounts = database.prepare(
    `update objects set counted = ?, inserted = ?, duplicates = ?, unreadable = ?, unaccepted = ? where object = ?`,
  );
  const addFailure = database.prepare('update objects set failures = failures + 1 where object = ?');
  const setParked = database.prepare(
    `update objects set stage = 'parked', why = ? where object = ? and stage not in ('summarized', 'parked')`,
  );
  // Objects found on disk at start were recorded uncounted; what compaction counted is what they landed with.
  const linesUnder = database.prepare(
    `select coalesce(sum(max(lines, coalesce(counted, 0))), 0) as lines from objects
     where object >= ? and object < ? and stage <> 'parked'`,
  );
  const moveBack = database.prepare("update objects set stage = 'compacted' where object = ? and stage = 'summarized'");

  const found = (object: string): ObjectRecord => {
    const row = find.get(object);
    if (row === undefined)
      throw new Error(`Expected a recorded object, came ${object}, which is unknown. Record it first.`);
    return recordOf(row);
  };
  /** False when it was there already: marks only move forward. */
  const moved = (object: string, from: Stage, to: Stage): boolean => {
    if (moveOn.run(to, object, from).changes === 1) return true;
    const { stage } = found(object);
    if (ORDER.indexOf(stage) < ORDER.indexOf(from))
      throw new Error(`Expected ${object} to be ${from} before it is ${to}, it is ${stage}. Mark the stages in order.`);
    return false;
  };

  return {
    async recordObjects(objects) {
      inTransaction(database, () => {
        for (const { object, lines, size_bytes, event_dates } of objects)
          record.run(object, lines, size_bytes, union(event_dates, []));
      });
    },

    async hasObject(object) {
      return isKnown.get(object) !== undefined;
    },

    async objectsAt(stage, { maxBytes = Number.POSITIVE_INFINITY, maxObjects = Number.POSITIVE_INFINITY }) {
      const taken: ObjectRecord[] = [];
      let bytes = 0;
      for (const row of atStage.iterate(stage)) {
        const next = recordOf(row);
        bytes += next.size_bytes;
        if (taken.length > 0 && (bytes > maxBytes || taken.length >= maxObjects)) break;
        taken.push(next);
      }
      return taken;
    },

    async markTracked(object, event_dates, dates) {
      inTransaction(database, () => {
        const known = found(object);
        setDates.run(
          union(known.event_dates, event_dates),
          union(known.log_dates, dates.log_dates),
          union(known.run_dates, dates.run_dates),
          object,
        );
        moved(object, 'recorded', 'tracked');
      });
    },

    async markCompacted(counts) {
      inTransaction(database, () => {
        for (const { object, lines, inserted, duplicates, unreadable, unaccepted } of counts) {
          // Who inserted first has counted right: a second reading of the same lines finds duplicates only.
          if (!moved(object, 'tracked', 'compacted')) continue;
          setCounts.run(lines, inserted, duplicates, unreadable, unaccepted, object);
        }
      });
    },

    async markSummarized(objects) {
      inTransaction(database, () => {
        for (const object of objects) moved(object, 'compacted', 'summarized');
      });
    },

    async countFailure(objects) {
      return inTransaction(database, () =>
        objects.map((object) => {
          addFailure.run(object);
          return found(object);
        }),
      );
    },

    async park(objects, why) {
      inTransaction(database, () => {
        for (const object of objects) if (setParked.run(why, object).changes === 0) found(object);
      });
    },

    async recordedLines(prefix) {
      return linesUnder.get(prefix, `${prefix}\u{10FFFF}`)?.lines as number;
    },

    async reopen(objects) {
      inTransaction(database, () => {
        for (const object of objects) moveBack.run(object);
      });
    },
  };
}

/** A parked object is as far as it will come. */
const ORDER: readonly Stage[] = ['recorded', 'tracked', 'compacted', 'summarized', 'parked'];

const union = (known: readonly string[], given: readonly string[]): string =>
  JSON.stringify([...new Set([...known, ...given])].sort());

function recordOf(row: Readonly<Record<string, unknown>>): ObjectRecord {
  const dates = (column: string): readonly string[] => JSON.parse(row[column] as string) as string[];
  return {
    object: row.object as string,
    lines: row.lines as number,
    size_bytes: row.size_bytes as number,
    stage: row.stage as Stage,
    failures: row.failures as number,
    event_dates: dates('event_dates'),
    log_dates: dates('log_dates'),
    run_dates: dates('run_dates'),
  };
}
