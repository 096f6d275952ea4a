import type { Instant } from '../../core/instant.ts';
import type { ObjectRecord } from '../../core/objects/data-object.ts';
import type { ObjectChange } from '../../core/objects/object-change.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { backOff, type TableAccess } from './access.ts';
import { chunksOf, keyText, readItems } from './items.ts';
import { itemOf, type ObjectItem, objectKey, recordOf, stageEntry, stageKey } from './object-item.ts';
import { added, type Tally, tallyActions } from './tally.ts';
import { type Action, MAX_ACTIONS, writeTogether } from './transaction.ts';

/** Its item and its entries at two stages, and one tally for all. */
const ACTIONS_PER_OBJECT = 3;
const OBJECTS_PER_TRANSACTION = Math.floor((MAX_ACTIONS - 1) / ACTIONS_PER_OBJECT);
const MAX_TRIES = 20;

/**
 * Changes objects together with their stage entries and the tally. All changes are computed before the first is written,
 * so what `change` refuses leaves everything as it was. Beyond 33 objects it is several transactions. Returns the records
 * as they are then, in the order given; those of unknown objects are left out.
 */
export async function changeObjects(
  access: TableAccess,
  clock: Clock,
  objects: readonly string[],
  change: ObjectChange,
): Promise<readonly ObjectRecord[]> {
  const names = [...new Set(objects)];
  const before = await readObjects(access, names);
  for (const name of names) changedBy(change, before.get(name), name);
  const after: ObjectItem[] = [];
  for (const some of chunksOf(names, OBJECTS_PER_TRANSACTION))
    after.push(...(await writeWithRetry(access, clock, some, before, change)));
  return after.map(recordOf);
}

/** Reads again and writes once more when another writer came first. */
async function writeWithRetry(
  access: TableAccess,
  clock: Clock,
  names: readonly string[],
  known: ReadonlyMap<string, ObjectItem>,
  change: ObjectChange,
): Promise<readonly ObjectItem[]> {
  let stored = known;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const changes = names.flatMap((name) => {
      const before = stored.get(name);
      const after = changedBy(change, before, name);
      return after === undefined ? [] : [{ before, after }];
    });
    if (changes.length === 0 || (await write(access, changes, clock.now()))) {
      const written = new Map(changes.map(({ after }) => [after.sk, after]));
      return names.flatMap((name) => written.get(name) ?? stored.get(name) ?? []);
    }
    await backOff(access, tries);
    stored = await readObjects(access, names);
  }
  throw new Error(
    `Expected to mark ${names.length} objects (${names[0]} the first), other writers came first ${MAX_TRIES} times. ` +
      'Let one writer mark at a time, then try again; marks that are there stay.',
  );
}

function changedBy(change: ObjectChange, before: ObjectItem | undefined, name: string): ObjectItem | undefined {
  const record = change(before && recordOf(before), name);
  return record && itemOf(record, (before?.version ?? 0) + 1);
}

interface Changed {
  readonly before: ObjectItem | undefined;
  readonly after: ObjectItem;
}

function write(access: TableAccess, changes: readonly Changed[], now: Instant): Promise<boolean> {
  const tally = added(changes.map(tallyOf));
  const shardBy = changes[0]?.after.sk ?? '';
  return writeTogether(access, [
    ...changes.flatMap((changed) => actionsOf(access.table, changed, now)),
    ...tallyActions(access.table, tally, shardBy),
  ]);
}

function actionsOf(table: string, { before, after }: Changed, now: Instant): readonly Action[] {
  const condition =
    before === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': before.version } };
  const item: Action = { Put: { TableName: table, Item: after, ...condition } };
  if (before?.stage === after.stage) return [item];
  const arrives: Action = { Put: { TableName: table, Item: stageEntry(after, now) } };
  if (before === undefined) return [item, arrives];
  return [item, arrives, { Delete: { TableName: table, Key: stageKey(before) } }];
}

function tallyOf({ before, after }: Changed): Tally {
  const moved = before?.stage !== after.stage;
  return added([
    moved ? { [after.stage]: 1 } : {},
    moved && before !== undefined ? { [before.stage]: -1 } : {},
    after.counts !== undefined && before?.counts === undefined ? after.counts : {},
  ]);
}

async function readObjects(access: TableAccess, names: readonly string[]): Promise<ReadonlyMap<string, ObjectItem>> {
  const items = await readItems<ObjectItem>(access, names.map(objectKey));
  return new Map(
    names.flatMap((name) => {
      const item = items.get(keyText(objectKey(name)));
      return item === undefined ? [] : [[name, item] as const];
    }),
  );
}
