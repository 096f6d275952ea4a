import type { Instant } from '../../core/instant.ts';
import type { OpenRuns, RunFilter } from '../../core/ports/live-runs.ts';
import type { Run } from '../../core/run/run.ts';
import type { TableAccess } from './access.ts';
import { chunksOf, type ItemQuery, inPartition, type Key, queryPages, readItems } from './items.ts';
import { unpackRun } from './run-codec.ts';
import { type RunItem, runPartition } from './run-item.ts';

/**
 * The latest runs, by what finds them with the fewest reads: their id, that they are open, their pipeline, else their
 * start. An index lags behind a write by moments, so a run may still be listed where it was; its content is always read
 * from the table itself, as it is now.
 */
export async function listRuns(access: TableAccess, filter: RunFilter): Promise<readonly Run[]> {
  const items: RunItem[] = [];
  if (filter.limit <= 0) return [];
  for await (const keys of candidates(access, filter)) {
    const found = await readItems<RunItem>(access, keys);
    items.push(...[...found.values()].filter((item) => isAskedFor(item, filter)));
    if (items.length >= filter.limit) break;
  }
  return items
    .sort(latestFirst)
    .slice(0, filter.limit)
    .map((item) => unpackRun(item.run));
}

/** Open runs are few, and each is read as it is now. */
export async function countOpenRuns(access: TableAccess, now: Instant): Promise<OpenRuns> {
  const count = { open_runs: 0, lost_runs: 0 };
  for await (const { items } of queryPages<RunEntry>(access, openRuns)) {
    const found = await readItems<RunItem>(access, items);
    for (const item of found.values()) {
      if (item.open !== undefined) count[isSilentAt(item, now) ? 'lost_runs' : 'open_runs'] += 1;
    }
  }
  return count;
}

interface RunEntry extends Key {
  readonly start_time: Instant;
}

const KEYS_AT_ONCE = 100;
const ENTRIES_PER_PAGE = 1000;

/** Keys of runs that the filter may want, latest start first. */
async function* candidates(access: TableAccess, filter: RunFilter): AsyncGenerator<readonly RunEntry[]> {
  const atOnce = Math.min(KEYS_AT_ONCE, filter.limit);
  if (filter.run_id === undefined && !filter.open) {
    const query = withEnvironment(latestStarts(filter), filter.environment);
    const entries = { ...query, Limit: filter.environment === undefined ? atOnce : ENTRIES_PER_PAGE };
    for await (const { items } of queryPages<RunEntry>(access, entries)) yield* chunksOf(items, atOnce);
    return;
  }
  // Neither query is in the order of starts, so all their runs are read: they are few.
  const query = filter.run_id === undefined ? openRuns : runsOfId(filter.run_id);
  const entries: RunEntry[] = [];
  for await (const { items } of queryPages<RunEntry>(access, withEnvironment(query, filter.environment)))
    entries.push(...items);
  yield* chunksOf(entries.sort(latestFirst), atOnce);
}

const openRuns: ItemQuery = {
  IndexName: 'open_runs',
  KeyConditionExpression: '#open = :run',
  ExpressionAttributeNames: { '#open': 'open' },
  ExpressionAttributeValues: { ':run': 'run' },
};

const runsOfId = (run_id: string): ItemQuery => ({
  ...inPartition(runPartition(run_id)),
  ProjectionExpression: 'pk, sk, start_time',
});

function latestStarts({ process_name, since }: RunFilter): ItemQuery {
  const [IndexName, partitionKey, partition] =
    process_name === undefined
      ? (['runs_by_start', 'kind', 'run'] as const)
      : (['runs_of_process', 'process_name', process_name] as const);
  return {
    IndexName,
    ScanIndexForward: false,
    KeyConditionExpression: `${partitionKey} = :partition${since === undefined ? '' : ' and start_time >= :since'}`,
    ExpressionAttributeValues: { ':partition': partition, ...(since === undefined ? {} : { ':since': since }) },
  };
}

const withEnvironment = (query: ItemQuery, environment: string | undefined): ItemQuery =>
  environment === undefined
    ? query
    : {
        ...query,
        FilterExpression: 'environment = :environment',
        ExpressionAttributeValues: { ...query.ExpressionAttributeValues, ':environment': environment },
      };

const isAskedFor = (item: RunItem, { process_name, environment, open, alive_at, since }: RunFilter): boolean =>
  // A pipeline may be named as the partition of something else in the same index.
  item.kind === 'run' &&
  (process_name === undefined || item.process_name === process_name) &&
  (environment === undefined || item.environment === environment) &&
  (since === undefined || item.start_time >= since) &&
  (open === undefined || (item.open !== undefined) === open) &&
  (alive_at === undefined || item.open === undefined || !isSilentAt(item, alive_at));

const isSilentAt = ({ silent_at }: RunItem, now: Instant): boolean => silent_at !== undefined && silent_at <= now;

const latestFirst = (a: RunEntry, b: RunEntry): number =>
  a.start_time < b.start_time ? 1 : a.start_time > b.start_time ? -1 : 0;
