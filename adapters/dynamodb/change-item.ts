import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ask, backOff, isConditionFailure, type TableAccess } from './access.ts';
import type { Key } from './items.ts';

/** An item that many writers change. */
export interface Versioned extends Key {
  /** Goes up by one with every write: what a write is conditioned on. */
  readonly version: number;
}

type Changed<Item> = Omit<Item, keyof Versioned> | undefined;

/** Writers of one item meet rarely; when others come first thirty times in a row, something else is wrong. */
const MAX_TRIES = 30;

/**
 * Reads an item, and writes what `change` makes of it, on the condition that no other writer came between; else once more.
 * Nothing is written when `change` returns undefined. Throws what it throws. The item's size is one read and one write.
 */
export async function changeItem<Item extends Versioned>(
  access: TableAccess,
  { pk, sk }: Key,
  change: (stored: Item | undefined) => Changed<Item> | Promise<Changed<Item>>,
): Promise<void> {
  const { client, table: TableName } = access;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    if (tries > 0) await backOff(access, tries - 1);
    const { Item } = await ask(access, () =>
      client.send(new GetCommand({ TableName, Key: { pk, sk }, ConsistentRead: true })),
    );
    const stored = Item as Item | undefined;
    const next = await change(stored);
    if (next === undefined) return;
    const condition =
      stored === undefined
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': stored.version } };
    const item = { ...next, pk, sk, version: (stored?.version ?? 0) + 1 };
    try {
      await ask(access, () => client.send(new PutCommand({ TableName, Item: item, ...condition })));
      return;
    } catch (error) {
      if (!isConditionFailure(error)) throw error;
    }
  }
  throw new Error(
    `Expected to change the item ${pk} of the table ${TableName}, another writer came first ${MAX_TRIES} times. ` +
      'Try again; if this comes back, look for what changes it so often.',
  );
}
