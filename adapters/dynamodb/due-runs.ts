import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../../core/instant.ts';
import { nextCheckOf } from '../../core/run/next-checks.ts';
import type { Run } from '../../core/run/run.ts';
import { ask, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { type Key, queryPages, readItems } from './items.ts';
import { unpackRun } from './run-codec.ts';
import { NEVER, type RunItem, runKey } from './run-item.ts';

const LOOKS_PER_PAGE = 100;
const LOOKS_AT_ONCE = 8;

/** The open runs that need a look. One whose moment has moved on since it was planned is put off. */
export async function dueRuns(access: TableAccess, now: Instant, limit: number): Promise<readonly Run[]> {
  const due: { readonly look: Instant; readonly item: RunItem }[] = [];
  if (limit <= 0) return [];
  const planned = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :run and next_check_at <= :now',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':run': 'run', ':now': now },
    Limit: Math.min(LOOKS_PER_PAGE, limit),
  } as const;
  for await (const { items } of queryPages<Key>(access, planned)) {
    const stored = await readItems<RunItem>(access, items.slice(0, limit - due.length));
    await eachBounded([...stored.values()], LOOKS_AT_ONCE, async (item) => {
      if (item.open === undefined || item.next_check_at === undefined || item.next_check_at > now) return;
      const look = nextCheckOf(item.check_times, item.checked_at);
      if (look !== undefined && look <= now) due.push({ look, item });
      else await change(access, item, 'next_check_at = :next_check_at', { ':next_check_at': look ?? NEVER });
    });
    if (due.length >= limit) break;
  }
  return due.sort((a, b) => (a.look < b.look ? -1 : 1)).map(({ item }) => unpackRun(item.run));
}

/**
 * NotificationLog that these runs were looked at. A run that nobody ends would stay for ever: once nothing more is to come by the
 * clock it is kept like one that has ended, unless it speaks again.
 */
export async function markChecked(
  access: TableAccess,
  runs: readonly Run[],
  now: Instant,
  expiresAt: number | undefined,
): Promise<void> {
  const stored = await readItems<RunItem>(access, runs.map(runKey));
  await eachBounded([...stored.values()], LOOKS_AT_ONCE, async (item) => {
    if (item.open === undefined) return;
    const checkedAt = item.checked_at !== undefined && item.checked_at > now ? item.checked_at : now;
    const look = nextCheckOf(item.check_times, checkedAt);
    const forgets = look === undefined && expiresAt !== undefined;
    await change(
      access,
      item,
      `checked_at = :checked_at, next_check_at = :next_check_at${forgets ? ', expires_at = :expires_at' : ''}`,
      {
        ':checked_at': checkedAt,
        ':next_check_at': look ?? NEVER,
        ...(forgets ? { ':expires_at': expiresAt } : {}),
      },
    );
  });
}

/** When somebody else has just written the run nothing is changed: the next look finds it as it is by then. */
async function change(
  access: TableAccess,
  { pk, sk, version }: RunItem,
  assignments: string,
  values: Readonly<Record<string, unknown>>,
): Promise<void> {
  try {
    await ask(access, () =>
      access.client.send(
        new UpdateCommand({
          TableName: access.table,
          Key: { pk, sk },
          UpdateExpression: `set ${assignments}, version = version + :one`,
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: { ...values, ':one': 1, ':version': version },
        }),
      ),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
