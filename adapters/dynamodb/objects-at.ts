import type { ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import { type ObjectLimits, withinLimits } from '../../core/objects/object-limits.ts';
import type { Waiting } from '../../core/ports/data-objects.ts';
import { backOff, type TableAccess } from './access.ts';
import { inPartition, keyText, queryPages, readItems } from './items.ts';
import { type ObjectItem, objectKey, recordOf, type StageEntry, stagePartition } from './object-item.ts';

const ENTRIES_PER_PAGE = 1000;
const MAX_TRIES = 10;

/** The oldest objects at a stage, as many as the limits allow but at least one. */
export async function objectsAt(
  access: TableAccess,
  stage: Stage,
  limits: ObjectLimits,
): Promise<readonly ObjectRecord[]> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const entries = await firstEntries(access, stage, limits);
    const keys = entries.map(({ sk }) => objectKey(sk));
    const items = await readItems<ObjectItem>(access, keys);
    const records = keys.flatMap((key) => {
      const item = items.get(keyText(key));
      return item?.stage === stage ? [recordOf(item)] : [];
    });
    if (records.length > 0 || entries.length === 0) return records;
    // Another writer moved all of them on after their entries were read: by now those entries are gone.
    await backOff(access, tries);
  }
  throw new Error(
    `Expected the objects that ${access.table} lists as ${stage} to be ${stage}, they were not, ${MAX_TRIES} times over. ` +
      'Was clearing it interrupted? Clear it again, then build it from the raw lines.',
  );
}

/** One page of entries: what an alarm watches needs no more. */
export async function waitingAt(access: TableAccess, stage: Stage): Promise<Waiting> {
  const entries = await firstEntries(access, stage, { maxObjects: ENTRIES_PER_PAGE });
  const [since] = entries.map((entry) => entry.since).sort();
  return { objects: entries.length, since };
}

async function firstEntries(access: TableAccess, stage: Stage, limits: ObjectLimits): Promise<readonly StageEntry[]> {
  const entries: StageEntry[] = [];
  const fits = withinLimits(limits);
  const Limit = Math.max(1, Math.min(ENTRIES_PER_PAGE, limits.maxObjects ?? ENTRIES_PER_PAGE));
  const query = { ...inPartition(stagePartition(stage)), Limit };
  for await (const { items } of queryPages<StageEntry>(access, query))
    for (const entry of items) {
      if (!fits({ object: entry.sk, size_bytes: entry.size_bytes })) return entries;
      entries.push(entry);
    }
  return entries;
}
