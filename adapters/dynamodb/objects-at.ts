import type { ObjectRecord, Stage } from '../../core/objects/data-object.ts';
import type { ObjectLimits } from '../../core/ports/data-objects.ts';
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
    // Another writer has moved all of them on since their entries were read: these are gone by now.
    await backOff(access, tries);
  }
  throw new Error(
    `Expected the objects that ${access.table} lists as ${stage} to be ${stage}, they were not, ${MAX_TRIES} times over. ` +
      'Was clearing it interrupted? Clear it again, then build it from the raw lines.',
  );
}

async function firstEntries(
  access: TableAccess,
  stage: Stage,
  { maxBytes = Number.POSITIVE_INFINITY, maxObjects = Number.POSITIVE_INFINITY }: ObjectLimits,
): Promise<readonly StageEntry[]> {
  const entries: StageEntry[] = [];
  let bytes = 0;
  const query = { ...inPartition(stagePartition(stage)), Limit: Math.max(1, Math.min(ENTRIES_PER_PAGE, maxObjects)) };
  for await (const { items } of queryPages<StageEntry>(access, query))
    for (const entry of items) {
      bytes += entry.size_bytes;
      if (entries.length > 0 && (bytes > maxBytes || entries.length >= maxObjects)) return entries;
      entries.push(entry);
    }
  return entries;
}
