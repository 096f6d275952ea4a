import { DeleteCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import type { DueDays } from '../../core/ports/due-days.ts';
import { ask, isConditionFailure, type TableAccess } from './access.ts';
import { eachBounded } from './bounded.ts';
import { inPartition, queryPages } from './items.ts';
import { PARTITIONS } from './table.ts';

/**
 * A day to aggregate. `asked` counts how often it became due, `taken` is that count when `dueDays` last returned it. It is
 * removed only while both are equal: a day that became due once more stays.
 */
interface DueDay {
  readonly sk: string;
  readonly asked: number;
  readonly taken?: number;
}

export const DUE_DAYS = PARTITIONS.dueDays;
const DAYS_AT_ONCE = 8;

export function dueDaysIn(access: TableAccess): DueDays {
  const update = (
    run_date: string,
    change: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
  ) =>
    ask(access, () =>
      access.client.send(
        new UpdateCommand({ TableName: access.table, Key: { pk: DUE_DAYS, sk: run_date }, ...change }),
      ),
    );

  return {
    async addDueDays(run_dates) {
      // When the SDK repeats a request whose answer was lost it counts twice: the day is aggregated once more than needed.
      await eachBounded([...new Set(run_dates)], DAYS_AT_ONCE, (run_date) =>
        update(run_date, { UpdateExpression: 'add asked :one', ExpressionAttributeValues: { ':one': 1 } }),
      );
    },

    async dueDays(limit) {
      const days = await oldest(access, limit);
      await eachBounded(days, DAYS_AT_ONCE, async ({ sk, asked, taken }) => {
        if (taken === asked) return;
        await update(sk, { UpdateExpression: 'set taken = :asked', ExpressionAttributeValues: { ':asked': asked } });
      });
      return days.map(({ sk }) => sk);
    },

    async removeDueDays(run_dates) {
      await eachBounded([...new Set(run_dates)], DAYS_AT_ONCE, (run_date) => remove(access, run_date));
    },
  };
}

async function oldest(access: TableAccess, limit: number): Promise<readonly DueDay[]> {
  const days: DueDay[] = [];
  if (limit <= 0) return days;
  for await (const { items } of queryPages<DueDay>(access, { ...inPartition(DUE_DAYS), Limit: limit })) {
    days.push(...items);
    if (days.length >= limit) break;
  }
  return days.slice(0, limit);
}

async function remove(access: TableAccess, run_date: string): Promise<void> {
  try {
    await ask(access, () =>
      access.client.send(
        new DeleteCommand({
          TableName: access.table,
          Key: { pk: DUE_DAYS, sk: run_date },
          ConditionExpression: 'attribute_not_exists(taken) or taken = asked',
        }),
      ),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
