import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Instant } from '../../core/instant.ts';
import type { Run } from '../../core/run.ts';
import { ask, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { type Key, queryPages, readItems } from './items.ts';
import { unpackRun } from './run-cell.ts';
import { NEVER, type RunItem } from './run-item.ts';

const LOOKS_PER_PAGE = 100;
const LOOKS_AT_ONCE = 8;

/**
 * Looks at the open runs that need it. One whose lease has moved on since is put off; one that is silent is noticed,
 * once under each lease, and told. Of several who look at one time, one gets it.
 */
export async function takeExpired(
  access: TableAccess,
  now: Instant,
  limit: number,
  expiresAt: () => number | undefined,
): Promise<readonly Run[]> {
  const taken: RunItem[] = [];
  if (limit <= 0) return [];
  const due = {
    IndexName: 'open_runs',
    KeyConditionExpression: '#open = :run and look_at <= :now',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':run': 'run', ':now': now },
    Limit: Math.min(LOOKS_PER_PAGE, limit),
  } as const;
  for await (const { items } of queryPages<Key>(access, due)) {
    // No more than there is room for: what is noticed has to be told.
    const stored = await readItems<RunItem>(access, items.slice(0, limit - taken.length));
    await eachBounded([...stored.values()], LOOKS_AT_ONCE, async (item) => {
      if (item.open === undefined || item.look_at === undefined || item.look_at > now) return;
      if (item.lease_expires_at > now) await putOff(access, item);
      else if (await notice(access, item, expiresAt())) taken.push(item);
    });
    if (taken.length >= limit) break;
  }
  return taken.sort((a, b) => (a.lease_expires_at < b.lease_expires_at ? -1 : 1)).map((item) => unpackRun(item.run));
}

const putOff = (access: TableAccess, item: RunItem): Promise<boolean> =>
  change(access, item, 'set look_at = :look_at, version = version + :one', {
    ':look_at': item.noticed_lease === item.lease_expires_at ? NEVER : item.lease_expires_at,
  });

/** A run that nobody ends would stay for ever: from here on it is kept like one that has ended, unless it speaks again. */
const notice = (access: TableAccess, item: RunItem, expiresAt: number | undefined): Promise<boolean> =>
  change(
    access,
    item,
    `set noticed_lease = lease_expires_at, look_at = :never, version = version + :one
     ${expiresAt === undefined ? '' : ', expires_at = :expires_at'}`,
    { ':never': NEVER, ...(expiresAt === undefined ? {} : { ':expires_at': expiresAt }) },
  );

/** False when somebody else has just written the run: then the next look finds it as it is by then. */
async function change(
  access: TableAccess,
  { pk, sk, version }: RunItem,
  expression: string,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  try {
    await ask(access, () =>
      access.client.send(
        new UpdateCommand({
          TableName: access.table,
          Key: { pk, sk },
          UpdateExpression: expression,
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: { ...values, ':one': 1, ':version': version },
        }),
      ),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}
