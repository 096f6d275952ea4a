import type { LiveSummary } from '../../core/ports/live-store.ts';
import type { TableAccess } from './access.ts';
import { DUE_DAYS } from './due-days.ts';
import { countItems, inPartition, keyText, queryPages, readItems } from './items.ts';
import { type ObjectItem, objectKey, stagePartition } from './object-item.ts';
import { readTally } from './tally.ts';

/** The progress of all objects in numbers, which are counted as they move. */
export async function summarize(access: TableAccess): Promise<LiveSummary> {
  const [tally, due_days, parked] = await Promise.all([
    readTally(access),
    countItems(access, inPartition(DUE_DAYS)),
    parkedObjects(access),
  ]);
  return { ...tally, due_days, parked };
}

async function parkedObjects(access: TableAccess): Promise<LiveSummary['parked']> {
  const names: string[] = [];
  for await (const { items } of queryPages<{ sk: string }>(access, inPartition(stagePartition('parked'))))
    names.push(...items.map(({ sk }) => sk));
  const items = await readItems<ObjectItem>(access, names.map(objectKey));
  return names.map((object) => ({ object, why: items.get(keyText(objectKey(object)))?.why ?? 'not known' }));
}
