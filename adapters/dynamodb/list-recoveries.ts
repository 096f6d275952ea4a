import type { Instant } from '../../core/instant.ts';
import type { RecoveryFilter } from '../../core/ports/recovery-store.ts';
import { type Recovery, recoveryDueAt, recoveryText, untold } from '../../core/recovery/recovery.ts';
import type { TableAccess } from './access.ts';
import { type ItemQuery, type Key, keyText, readItems } from './items.ts';
import { type Asked, readFound } from './read-found.ts';
import {
  decidedAt,
  listPosition,
  pipelinePartition,
  type RecoveryItem,
  recoveryIn,
  type Waiting,
} from './recovery-item.ts';
import { NEVER } from './run-item.ts';

const ENTRIES_PER_PAGE = 1000;

const read = (access: TableAccess, query: ItemQuery, asked: Asked<Recovery>): Promise<readonly Recovery[]> =>
  readFound<RecoveryItem, Recovery>(access, query, recoveryIn, asked);

/** The recoveries of these keys as they are now, in their order. */
export async function readRecoveries(access: TableAccess, keys: readonly Key[]): Promise<readonly Recovery[]> {
  const stored = await readItems<RecoveryItem>(access, keys);
  return keys.flatMap((key) => {
    const item = stored.get(keyText(key));
    return item === undefined ? [] : [recoveryIn(item)];
  });
}

/**
 * The latest decision first. An index lags behind a write by moments: a recovery may be missing that was just made, and its
 * content is always read from the table itself.
 */
export async function listRecoveries(access: TableAccess, filter: RecoveryFilter): Promise<readonly Recovery[]> {
  const { environment, process_name, slot, limit } = filter;
  const [IndexName, name, partition] =
    process_name === undefined
      ? (['runs_by_start', 'kind', 'recovery'] as const)
      : (['runs_of_process', 'process_name', pipelinePartition(process_name)] as const);
  const query: ItemQuery = {
    IndexName,
    ScanIndexForward: false,
    KeyConditionExpression: `${name} = :partition and begins_with(start_time, :decided)`,
    ...(environment !== undefined && { FilterExpression: 'environment = :environment' }),
    ExpressionAttributeValues: {
      ':partition': partition,
      ':decided': listPosition(''),
      ...(environment !== undefined && { ':environment': environment }),
    },
  };
  const isAskedFor = (each: Recovery) => slot === undefined || each.slot === slot;
  // A filter leaves entries out of a page, which then holds few.
  const pageSize = environment === undefined && slot === undefined ? limit : ENTRIES_PER_PAGE;
  const found = await read(access, query, { limit, pageSize, isAskedFor });
  return [...found].sort((a, b) => (decidedAt(a) < decidedAt(b) ? 1 : -1)).slice(0, limit);
}

/** Those due at or before this moment, the longest due first. */
export async function dueRecoveries(access: TableAccess, now: Instant, limit: number): Promise<readonly Recovery[]> {
  const isAskedFor = (each: Recovery) => (recoveryDueAt(each) ?? NEVER) <= now;
  const found = new Map<string, Recovery>();
  for (const waiting of WAITING)
    for (const each of await read(access, waitingUntil(waiting, now), { limit, pageSize: limit, isAskedFor }))
      found.set(recoveryText(each), each);
  return [...found.values()].sort(byDue).slice(0, Math.max(0, limit));
}

/** When the next one is due: of what the indexes know. */
export async function nextDue(access: TableAccess): Promise<Instant | undefined> {
  const moments: Instant[] = [];
  for (const waiting of WAITING) {
    const isAskedFor = (each: Recovery) => recoveryDueAt(each) !== undefined;
    const [first] = await read(access, waitingUntil(waiting), { limit: 1, pageSize: 1, isAskedFor });
    const due = first && recoveryDueAt(first);
    if (due !== undefined) moments.push(due);
  }
  return moments.sort()[0];
}

/** Those with decisions that are not told yet. */
export async function untoldRecoveries(access: TableAccess, limit: number): Promise<readonly Recovery[]> {
  const isAskedFor = (each: Recovery) => untold(each).length > 0;
  const found = await read(access, waitingUntil('recovery untold'), { limit, pageSize: limit, isAskedFor });
  return found.slice(0, limit);
}

const WAITING = ['recovery', 'recovery untold'] as const satisfies readonly Waiting[];

const waitingUntil = (waiting: Waiting, until?: Instant): ItemQuery => ({
  IndexName: 'open_runs',
  KeyConditionExpression: `#open = :waiting${until === undefined ? '' : ' and next_check_at <= :until'}`,
  ExpressionAttributeNames: { '#open': 'open' },
  ExpressionAttributeValues: { ':waiting': waiting, ...(until !== undefined && { ':until': until }) },
});

const byDue = (a: Recovery, b: Recovery): number => ((recoveryDueAt(a) ?? '') < (recoveryDueAt(b) ?? '') ? -1 : 1);
