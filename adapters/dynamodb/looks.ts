import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../../core/instant.ts';
import { nextLook } from '../../core/looks.ts';
import type { Run } from '../../core/run.ts';
import { ask, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { type Key, queryPages, readItems } from './items.ts';
import { unpackRun } from './run-cell.ts';
import { NEVER, type RunItem, runKey } from './run-item.ts';

const LOOKS_PER_PAGE = 100;
const LOOKS_AT_ONCE = 8;

/** The open runs that need a look. One whose moment has moved on since it was planned is put off. */
export async function runsToLookAt(access: TableAccess, now: Instant, limit: number): Promise<readonly Run[]> {
  const due: { readonly look: Instant; readonly item: RunItem }[] = [];
  if (limit <= 0) return [];
  const planned = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :run and look_at <= :now',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':run': 'run', ':now': now },
    Limit: Math.min(LOOKS_PER_PAGE, limit),
  } as const;
  for await (const { items } of queryPages<Key>(access, planned)) {
    const stored = await readItems<RunItem>(access, items.slice(0, limit - due.length));
    await eachBounded([...stored.values()], LOOKS_AT_ONCE, async (item) => {
      if (item.open === undefined || item.look_at === undefined || item.look_at > now) return;
      const look = nextLook(item.looks, item.looked_at);
      if (look !== undefined && look <= now) due.push({ look, item });
      else await change(access, item, 'look_at = :look_at', { ':look_at': look ?? NEVER });
    });
    if (due.length >= limit) break;
  }
  return due.sort((a, b) => (a.look < b.look ? -1 : 1)).map(({ item }) => unpackRun(item.run));
}

/**
 * Marks that these runs were looked at. A run that nobody ends would stay for ever: once nothing more is to come by the
 * clock it is kept like one that has ended, unless it speaks again.
 */
export async function markLooked(
  access: TableAccess,
  runs: readonly Run[],
  now: Instant,
  expiresAt: number | undefined,
): Promise<void> {
  const stored = await readItems<RunItem>(access, runs.map(runKey));
  await eachBounded([...stored.values()], LOOKS_AT_ONCE, async (item) => {
    if (item.open === undefined) return;
    const lookedAt = item.looked_at !== undefined && item.looked_at > now ? item.looked_at : now;
    const look = nextLook(item.looks, lookedAt);
    const forgets = look === undefined && expiresAt !== undefined;
    await change(
      access,
      item,
      `looked_at = :looked_at, look_at = :look_at${forgets ? ', expires_at = :expires_at' : ''}`,
      {
        ':looked_at': lookedAt,
        ':look_at': look ?? NEVER,
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
