import { GetCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { WriterLease } from '../../core/ports/writer-lease.ts';
import { accessOf, ask, isConditionFailure, type TableAccess, type TableSettings } from './access.ts';
import type { Key } from './items.ts';
import { PARTITIONS } from './table.ts';

/**
 * Leases as items of the live table, one for each name, changed by conditional writes only. They are never deleted, so
 * that a fence, which counts from 1, never begins anew. Refusals of the table are thrown with what to do.
 */
export function openWriterLease(settings: TableSettings): WriterLease {
  const access = accessOf(settings);
  return {
    async acquire(name, holder, nowMs, ttlMs) {
      const lease = await change(access, name, {
        UpdateExpression: 'set holder = :holder, held_until = :until add fence :one',
        ConditionExpression: 'attribute_not_exists(pk) or held_until <= :now or holder = :holder',
        ExpressionAttributeValues: { ':holder': holder, ':until': nowMs + ttlMs, ':now': nowMs, ':one': 1 },
      });
      return lease && { fence: lease.fence };
    },

    async renew(name, holder, fence, nowMs, ttlMs) {
      const lease = await change(access, name, {
        UpdateExpression: 'set held_until = :until',
        ConditionExpression: 'holder = :holder and fence = :fence',
        ExpressionAttributeValues: { ':holder': holder, ':fence': fence, ':until': nowMs + ttlMs },
      });
      return lease !== null;
    },

    async release(name, holder, fence) {
      // The item stays: the fence must never begin anew.
      await change(access, name, {
        UpdateExpression: 'set held_until = :never',
        ConditionExpression: 'holder = :holder and fence = :fence',
        ExpressionAttributeValues: { ':holder': holder, ':fence': fence, ':never': 0 },
      });
    },
  };
}

/** Who has a lease, and until when: 0 once it was given back. Null when no holder ever had it. Throws as the leases do. */
export async function readLease(
  settings: TableSettings,
  name: string,
): Promise<{ readonly holder: string; readonly held_until_ms: number } | null> {
  const access = accessOf(settings);
  const { Item } = await ask(access, () =>
    access.client.send(new GetCommand({ TableName: access.table, Key: leaseKey(name), ConsistentRead: true })),
  );
  return Item === undefined ? null : { holder: String(Item.holder), held_until_ms: Number(Item.held_until) };
}

const leaseKey = (name: string): Key => ({ pk: `${PARTITIONS.lease}${name}`, sk: 'lease' });

/** Null when the condition does not hold. */
async function change(
  access: TableAccess,
  name: string,
  update: Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>,
): Promise<{ readonly fence: number } | null> {
  try {
    const { Attributes } = await ask(access, () =>
      access.client.send(
        new UpdateCommand({
          TableName: access.table,
          Key: leaseKey(name),
          ReturnValues: 'ALL_NEW',
          ...update,
        }),
      ),
    );
    return Attributes as { fence: number };
  } catch (error) {
    if (isConditionFailure(error)) return null;
    throw error;
  }
}
