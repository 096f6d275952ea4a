import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { recorded } from '../../core/objects/object-change.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { DataObjects } from '../../core/ports/data-objects.ts';
import { ask, type TableAccess } from './access.ts';
import { changeObjects } from './change-objects.ts';
import { readItems } from './items.ts';
import { DAYS, dayOf, objectKey } from './object-item.ts';
import { objectsAt, waitingAt } from './objects-at.ts';
import { recordedLines } from './recorded-lines.ts';

/** Landed objects and how far each has come. */
export function objectsIn(access: TableAccess, clock: Clock): DataObjects {
  const daysWritten = new Set<string>();

  /** Before the objects of that day, so that every object is under a day that `recordedLines` finds. */
  const writeDay = async (day: string): Promise<void> => {
    if (daysWritten.has(day)) return;
    await ask(access, () =>
      access.client.send(new PutCommand({ TableName: access.table, Item: { pk: DAYS, sk: day } })),
    );
    daysWritten.add(day);
  };

  return {
    async recordObjects(objects) {
      const names = objects.map(({ object }) => object);
      for (const day of new Set(names.map(dayOf))) await writeDay(day);
      await changeObjects(access, clock, names, recorded(objects));
    },

    async hasObject(object) {
      return (await readItems(access, [objectKey(object)])).size === 1;
    },

    objectsAt: (stage, limits) => objectsAt(access, stage, limits),
    waitingAt: (stage) => waitingAt(access, stage),
    changeObjects: (objects, change) => changeObjects(access, clock, objects, change),
    recordedLines: (prefix) => recordedLines(access, prefix),
  };
}
