import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, BatchWriteCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { sendUntilTaken } from '../../core/retry.ts';
import { ask, BACKOFF, type TableAccess } from './access.ts';
import type { IndexName, PartitionKey } from './table.ts';

export interface Key {
  readonly pk: PartitionKey;
  readonly sk: string;
}

export const keyText = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

const MAX_KEYS_PER_READ = 100;
const MAX_KEYS_PER_DELETE = 25;
const MAX_TRIES = 12;

/** The items of these keys, by `keyText`, as they are now. Those that do not exist are left out. */
export async function readItems<Item extends Key>(
  access: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  for (const some of chunksOf(distinct(keys), MAX_KEYS_PER_READ)) {
    await untilNoneIsLeft(access, some, async (left) => {
      const { Responses, UnprocessedKeys } = await ask(access, () =>
        access.client.send(
          new BatchGetCommand({ RequestItems: { [access.table]: { Keys: left.map(keyOf), ConsistentRead: true } } }),
        ),
      );
      for (const item of (Responses?.[access.table] ?? []) as Item[]) items.set(keyText(item), item);
      return (UnprocessedKeys?.[access.table]?.Keys ?? []) as Key[];
    });
  }
  return items;
}

/** Deletes without a condition. */
export async function deleteItems(access: TableAccess, keys: readonly Key[]): Promise<void> {
  for (const some of chunksOf(distinct(keys), MAX_KEYS_PER_DELETE)) {
    await untilNoneIsLeft(access, some, async (left) => {
      const requests = left.map((key) => ({ DeleteRequest: { Key: keyOf(key) } }));
      const { UnprocessedItems } = await ask(access, () =>
        access.client.send(new BatchWriteCommand({ RequestItems: { [access.table]: requests } })),
      );
      return (UnprocessedItems?.[access.table] ?? []).flatMap(({ DeleteRequest }) =>
        DeleteRequest ? [DeleteRequest.Key as Key] : [],
      );
    });
  }
}

export type ItemQuery = Omit<QueryCommandInput, 'TableName' | 'IndexName' | 'ExclusiveStartKey'> & {
  readonly IndexName?: IndexName;
};

/** The pages of a query; strongly consistent unless it is of an index, which cannot be. */
export async function* queryPages<Item>(
  access: TableAccess,
  query: ItemQuery,
): AsyncGenerator<{ readonly items: readonly Item[]; readonly count: number }> {
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items, Count, LastEvaluatedKey } = await ask(access, () =>
      access.client.send(
        new QueryCommand({
          TableName: access.table,
          ConsistentRead: query.IndexName === undefined,
          ...query,
          ExclusiveStartKey: from,
        }),
      ),
    );
    yield { items: (Items ?? []) as Item[], count: Count ?? 0 };
    from = LastEvaluatedKey;
  } while (from !== undefined);
}

/** How many items a query finds, without reading them out. */
export async function countItems(access: TableAccess, query: ItemQuery): Promise<number> {
  let total = 0;
  for await (const { count } of queryPages(access, { ...query, Select: 'COUNT' })) total += count;
  return total;
}

export const inPartition = (pk: PartitionKey): Pick<QueryCommandInput, 'KeyConditionExpression'> & ItemQuery => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': pk },
});

/** A batch may be answered in part, when it is too large or throttled: what is left is asked for again. */
async function untilNoneIsLeft(
  access: TableAccess,
  keys: readonly Key[],
  request: (left: readonly Key[]) => Promise<readonly Key[]>,
): Promise<void> {
  const { pause, random } = access;
  const send = async (left: readonly Key[]) => ({ refused: await request(left), why: 'throttled' });
  const { refused } = await sendUntilTaken(keys, send, { maxTries: MAX_TRIES, ...BACKOFF, pause, random });
  if (refused.length > 0)
    throw new Error(
      `Expected the table ${access.table} to answer for ${keys.length} keys, it left out ${refused.length} of them ` +
        `${MAX_TRIES} times over. It is throttled: try again later, and raise its limit if this comes back.`,
    );
}

export function* chunksOf<Value>(values: readonly Value[], size: number): Generator<readonly Value[]> {
  for (let at = 0; at < values.length; at += size) yield values.slice(at, at + size);
}

const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk });

/** DynamoDB refuses a batch that names one key twice. */
const distinct = (keys: readonly Key[]): readonly Key[] => [
  ...new Map(keys.map((key) => [keyText(key), key])).values(),
];
