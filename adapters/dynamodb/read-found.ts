import type { TableAccess } from './access.ts';
import { chunksOf, type ItemQuery, type Key, queryPages, readItems } from './items.ts';

/** What of the entries of an index is wanted. */
export interface Asked<Value> {
  readonly limit: number;
  /** Entries of the index that are read at a time. */
  readonly pageSize: number;
  readonly isAskedFor: (value: Value) => boolean;
}

const KEYS_AT_ONCE = 100;
const ENTRIES_PER_PAGE = 1000;

/**
 * What the entries of an index stand for, up to the limit: read from the table itself, as it is now, because an index lags
 * behind a write by moments.
 */
export async function readFound<Item extends Key, Value>(
  access: TableAccess,
  query: ItemQuery,
  read: (item: Item) => Value,
  { limit, pageSize, isAskedFor }: Asked<Value>,
): Promise<readonly Value[]> {
  const found: Value[] = [];
  if (limit <= 0) return found;
  const entries = { ...query, Limit: Math.min(ENTRIES_PER_PAGE, pageSize) };
  for await (const { items } of queryPages<Key>(access, entries)) {
    for (const keys of chunksOf(items, Math.min(KEYS_AT_ONCE, limit))) {
      const stored = await readItems<Item>(access, keys);
      found.push(...[...stored.values()].map(read).filter(isAskedFor));
      if (found.length >= limit) return found;
    }
  }
  return found;
}
