import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../../core/instant.ts';
import { checkedAtOf, nextCheckOf } from '../../core/run/next-checks.ts';
import type { Run } from '../../core/run/run.ts';
import { ask, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { type Key, queryPages, readItems } from './items.ts';
import { unpackRun } from './run-codec.ts';
import { NEVER, type RunItem, runKey } from './run-item.ts';

const RUNS_PER_PAGE = 100;
const UPDATES_AT_ONCE = 8;

/** The open runs that need a check. A run whose check time has moved on since it was planned is planned anew. */
export async function dueRuns(access: TableAccess, now: Instant, limit: number): Promise<readonly Run[]> {
  const due: { readonly check_at: Instant; readonly item: RunItem }[] = [];
  if (limit <= 0) return [];
  const planned = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :run and next_check_at <= :now',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':run': 'run', ':now': now },
    Limit: Math.min(RUNS_PER_PAGE, limit),
  } as const;
  for await (const { items } of queryPages<Key>(access, planned)) {
    const stored = await readItems<RunItem>(access, items.slice(0, limit - due.length));
    await eachBounded([...stored.values()], UPDATES_AT_ONCE, async (item) => {
      if (item.open === undefined || item.next_check_at === undefined || item.next_check_at > now) return;
      const check_at = nextCheckOf(item.check_times, item.checked_at);
      if (check_at !== undefined && check_at <= now) due.push({ check_at, item });
      else await change(access, item, { next_check_at: check_at ?? NEVER });
    });
    if (due.length >= limit) break;
  }
  return due.sort((a, b) => (a.check_at < b.check_at ? -1 : 1)).map(({ item }) => unpackRun(item.run));
}

/**
 * Records that these runs were checked. An open run whose last check time has passed expires like one that has ended,
 * unless an event arrives: else it would be kept for ever.
 */
export async function markChecked(
  access: TableAccess,
  runs: readonly Run[],
  now: Instant,
  expiresAt: number | undefined,
): Promise<void> {
  const stored = await readItems<RunItem>(access, runs.map(runKey));
  await eachBounded([...stored.values()], UPDATES_AT_ONCE, async (item) => {
    if (item.open === undefined) return;
    const checked_at = checkedAtOf(item.checked_at, now);
    const next = nextCheckOf(item.check_times, checked_at);
    const expires = next === undefined && expiresAt !== undefined;
    await change(access, item, {
      checked_at,
      next_check_at: next ?? NEVER,
      ...(expires ? { expires_at: expiresAt } : {}),
    });
  });
}

/** When another writer has just written the run nothing is changed: it stays due, and the next check finds it as it is then. */
async function change(
  access: TableAccess,
  { pk, sk, version }: RunItem,
  values: Partial<Pick<RunItem, 'checked_at' | 'next_check_at' | 'expires_at'>>,
): Promise<void> {
  const names = Object.keys(values);
  try {
    await ask(access, () =>
      access.client.send(
        new UpdateCommand({
          TableName: access.table,
          Key: { pk, sk },
          UpdateExpression: `set ${names.map((name) => `${name} = :${name}`).join(', ')}, version = version + :one`,
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
            ':one': 1,
            ':version': version,
          },
        }),
      ),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
