import { createHash } from 'node:crypto';
import { type LineCounts, STAGES, type Stage } from '../../core/objects/data-object.ts';
import type { LiveSummary } from '../../core/ports/live-store.ts';
import type { TableAccess } from './access.ts';
import { type Key, readItems } from './items.ts';
import { PARTITIONS } from './table.ts';
import type { Action } from './transaction.ts';

/** Objects by stage and lines by what became of them, counted up in the transaction that moves the object. */
export type Tally = Readonly<Partial<Record<Counted, number>>>;
type Counted = Stage | keyof Omit<LineCounts, 'object'>;

const LINES = ['lines', 'inserted', 'duplicates', 'unreadable', 'unaccepted'] as const satisfies readonly Counted[];
const COUNTED: readonly Counted[] = [...STAGES, ...LINES];

/** The tally is spread over several items, so that transactions which move different objects seldom conflict on one. */
const SHARDS = 8;
const shardKey = (shard: number): Key => ({ pk: PARTITIONS.tally, sk: String(shard) });

export function added(tallies: readonly Tally[]): Tally {
  const sum: Partial<Record<Counted, number>> = {};
  for (const tally of tallies)
    for (const name of COUNTED) {
      const amount = tally[name];
      if (amount !== undefined) sum[name] = (sum[name] ?? 0) + amount;
    }
  return sum;
}

/** The action that adds a tally; none when it is all zero. `shardBy` chooses the item. */
export function tallyActions(table: string, tally: Tally, shardBy: string): readonly Action[] {
  const changes = COUNTED.flatMap((name) => (tally[name] ? [{ name, amount: tally[name] }] : []));
  if (changes.length === 0) return [];
  return [
    {
      Update: {
        TableName: table,
        Key: shardKey((createHash('sha256').update(shardBy).digest()[0] ?? 0) % SHARDS),
        UpdateExpression: `add ${changes.map((_, index) => `#n${index} :a${index}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(changes.map(({ name }, index) => [`#n${index}`, name])),
        ExpressionAttributeValues: Object.fromEntries(changes.map(({ amount }, index) => [`:a${index}`, amount])),
      },
    },
  ];
}

export async function readTally(access: TableAccess): Promise<Pick<LiveSummary, 'objects' | 'lines'>> {
  const keys = Array.from({ length: SHARDS }, (_, shard) => shardKey(shard));
  const sum = added([...(await readItems<Key & Tally>(access, keys)).values()]);
  const amounts = <Name extends Counted>(names: readonly Name[]) =>
    Object.fromEntries(names.map((name) => [name, sum[name] ?? 0])) as Record<Name, number>;
  return { objects: amounts(STAGES), lines: amounts(LINES) };
}
