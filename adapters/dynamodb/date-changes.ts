import type { TableAccess } from './access.ts';
import { type Key, keyText, readItems } from './items.ts';
import { PARTITIONS } from './table.ts';
import type { Action } from './transaction.ts';

const KEY: Key = { pk: PARTITIONS.dateChanges, sk: 'runs' };

/** Counts one change. It belongs into the transaction that stores the run: see `LiveRuns.dateChanges`. */
export const countDateChange = (table: string): Action => ({
  Update: {
    TableName: table,
    Key: KEY,
    UpdateExpression: 'add amount :one',
    ExpressionAttributeValues: { ':one': 1 },
  },
});

export async function dateChanges(access: TableAccess): Promise<number> {
  const items = await readItems<Key & { readonly amount: number }>(access, [KEY]);
  return items.get(keyText(KEY))?.amount ?? 0;
}
