import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';
import { accessOf, ask, isConditionFailure, type TableSettings } from './access.ts';
import type { Key } from './items.ts';
import { PARTITIONS } from './table.ts';

/** Entries are about single runs, and no alert is about a run older than this. */
const KEPT_MS = 400 * 86_400_000;

/**
 * The log as items of the live table, each under a key of its own, which DynamoDB deletes after 400 days. Claims are
 * conditional writes, so two senders never get one. Refusals of the table are thrown with what to do.
 */
export function openNotificationLog(settings: TableSettings): NotificationLog {
  const access = accessOf(settings);
  const { client, table: TableName } = access;
  const keyOf = (key: string): Key => ({ pk: `${PARTITIONS.notified}${key}`, sk: 'notified' });
  const kept = (now: Instant) => ({ expires_at: Math.ceil((epochMsOf(now) + KEPT_MS) / 1000) });
  return {
    async has(key) {
      const { Item } = await ask(access, () =>
        client.send(new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true })),
      );
      return Item?.recorded_at !== undefined;
    },

    async record(key, now) {
      await ask(access, () =>
        client.send(new PutCommand({ TableName, Item: { ...keyOf(key), recorded_at: now, ...kept(now) } })),
      );
    },

    async claim(key, now, forMs) {
      const nowMs = epochMsOf(now);
      try {
        await ask(access, () =>
          client.send(
            new PutCommand({
              TableName,
              Item: { ...keyOf(key), claimed_until: nowMs + forMs, ...kept(now) },
              ConditionExpression:
                'attribute_not_exists(pk) or (attribute_not_exists(recorded_at) and claimed_until <= :now)',
              ExpressionAttributeValues: { ':now': nowMs },
            }),
          ),
        );
        return true;
      } catch (error) {
        if (isConditionFailure(error)) return false;
        throw error;
      }
    },
  };
}
