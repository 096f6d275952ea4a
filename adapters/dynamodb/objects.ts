import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { LineCounts, Stage } from '../../core/objects/data-object.ts';
import type { DataObjects } from '../../core/ports/data-objects.ts';
import { ask, type TableAccess } from './access.ts';
import { changeObjects } from './change-objects.ts';
import { readItems } from './items.ts';
import { DAYS, dayOf, newObjectItem, type ObjectItem, ORDER, objectKey, recordOf, union } from './object-item.ts';
import { objectsAt } from './objects-at.ts';
import { recordedLines } from './recorded-lines.ts';

/** Landed objects and how far each has come. */
export function objectsIn(access: TableAccess): DataObjects {
  const daysSeen = new Set<string>();

  /** Before the objects of that day, so that none is ever under a day nobody knows. */
  const rememberDay = async (day: string): Promise<void> => {
    if (daysSeen.has(day)) return;
    await ask(access, () =>
      access.client.send(new PutCommand({ TableName: access.table, Item: { pk: DAYS, sk: day } })),
    );
    daysSeen.add(day);
  };

  return {
    async recordObjects(objects) {
      // The first of a name, as with one by one.
      const landed = new Map([...objects].reverse().map((object) => [object.object, object]));
      for (const day of new Set([...landed.keys()].map(dayOf))) await rememberDay(day);
      await changeObjects(access, [...landed.keys()], (stored, name) => {
        const object = landed.get(name);
        return stored === undefined && object !== undefined ? newObjectItem(object) : undefined;
      });
    },

    async hasObject(object) {
      return (await readItems(access, [objectKey(object)])).size === 1;
    },

    objectsAt: (stage, limits) => objectsAt(access, stage, limits),

    async markTracked(object, event_dates, dates) {
      await changeObjects(access, [object], (stored, name) => {
        const item = found(stored, name);
        return {
          ...item,
          event_dates: union(item.event_dates, event_dates),
          log_dates: union(item.log_dates, dates.log_dates),
          run_dates: union(item.run_dates, dates.run_dates),
          stage: item.stage === 'recorded' ? 'tracked' : item.stage,
        };
      });
    },

    async markCompacted(counts) {
      const byObject = new Map(counts.map((each) => [each.object, each]));
      // Who inserted first has counted right: a second reading of the same lines finds duplicates only.
      await changeObjects(access, [...byObject.keys()], (stored, name) => {
        const moved = movedOn(stored, name, 'tracked', 'compacted');
        return moved && { ...moved, counts: countsOf(byObject.get(name)) };
      });
    },

    async markSummarized(objects) {
      await changeObjects(access, objects, (stored, name) => movedOn(stored, name, 'compacted', 'summarized'));
    },

    async countFailure(objects) {
      const items = await changeObjects(access, objects, (stored, name) => {
        const item = found(stored, name);
        return { ...item, failures: item.failures + 1 };
      });
      return items.map(recordOf);
    },

    async park(objects, why) {
      await changeObjects(access, objects, (stored, name) => {
        const item = found(stored, name);
        return ['summarized', 'parked'].includes(item.stage) ? undefined : { ...item, stage: 'parked', why };
      });
    },

    recordedLines: (prefix) => recordedLines(access, prefix),

    async reopen(objects) {
      await changeObjects(access, objects, (stored) =>
        stored?.stage === 'summarized' ? { ...stored, stage: 'compacted' } : undefined,
      );
    },
  };
}

function found(stored: ObjectItem | undefined, name: string): ObjectItem {
  if (stored === undefined)
    throw new Error(`Expected a recorded object, came ${name}, which is unknown. Record it first.`);
  return stored;
}

/** Undefined when it is there already: marks only move forward. */
function movedOn(stored: ObjectItem | undefined, name: string, from: Stage, to: Stage): ObjectItem | undefined {
  const item = found(stored, name);
  if (item.stage === from) return { ...item, stage: to };
  if (ORDER.indexOf(item.stage) < ORDER.indexOf(from))
    throw new Error(
      `Expected ${name} to be ${from} before it is ${to}, it is ${item.stage}. Mark the stages in order.`,
    );
  return undefined;
}

function countsOf(counts: LineCounts | undefined): ObjectItem['counts'] {
  if (counts === undefined) return undefined;
  const { lines, inserted, duplicates, unreadable, unaccepted } = counts;
  return { lines, inserted, duplicates, unreadable, unaccepted };
}
