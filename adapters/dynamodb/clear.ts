import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { ask, type TableAccess } from './access.ts';
import { deleteItems, type Key } from './items.ts';
import { PARTITIONS } from './table.ts';

/**
 * What a rebuild makes again. Leases stay: if fencing numbers began anew, an old writer could write again. So do
 * incidents, watches and recoveries: what was decided, and what people were told, is not in the raw lines. So do
 * watermarks: a job that finds none meanwhile would load everything.
 */
const { run, objects, stage, objectDays, dueDays, tally } = PARTITIONS;
const REBUILT = [run, objects, stage, objectDays, dueDays, tally];

/** Deletes runs, objects and due days, a page at a time. Stop the writers first: what they write meanwhile may stay. */
export async function clear(access: TableAccess): Promise<void> {
  let from: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await ask(access, () =>
      access.client.send(
        new ScanCommand({
          TableName: access.table,
          ProjectionExpression: 'pk, sk',
          ConsistentRead: true,
          ExclusiveStartKey: from,
        }),
      ),
    );
    await deleteItems(
      access,
      ((Items ?? []) as Key[]).filter(({ pk }) => REBUILT.some((each) => pk.startsWith(each))),
    );
    from = LastEvaluatedKey;
  } while (from !== undefined);
}
