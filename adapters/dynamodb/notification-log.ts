import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';
import { accessOf, ask, isConditionFailure, type TableSettings } from './access.ts';

/** NotificationLog are of single runs: beyond this nobody speaks of one again. */
const KEPT_MS = 400 * 86_400_000;

export function openNotificationLog(settings: TableSettings): NotificationLog {
  const access = accessOf(settings);
  const { client, table: TableName } = access;
  const keyOf = (mark: string) => ({ pk: `mark#${mark}`, sk: 'mark' });
  const kept = (now: Instant) => ({ expires_at: Math.ceil((epochMsOf(now) + KEPT_MS) / 1000) });
  return {
    async isSet(mark) {
      const { Item } = await ask(access, () =>
        client.send(new GetCommand({ TableName, Key: keyOf(mark), ConsistentRead: true })),
      );
      return Item?.set_at !== undefined;
    },

    async set(mark, now) {
      await ask(access, () =>
        client.send(new PutCommand({ TableName, Item: { ...keyOf(mark), set_at: now, ...kept(now) } })),
      );
    },

    async claim(mark, now, forMs) {
      const nowMs = epochMsOf(now);
      try {
        await ask(access, () =>
          client.send(
            new PutCommand({
              TableName,
              Item: { ...keyOf(mark), claimed_until: nowMs + forMs, ...kept(now) },
              ConditionExpression:
                'attribute_not_exists(pk) or (attribute_not_exists(set_at) and claimed_until <= :now)',
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
