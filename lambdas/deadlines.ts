import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import type { Run } from '../core/run.ts';
import { viewOf } from '../core/run-view.ts';

export interface Deadline {
  /** When the run needs a look. */
  readonly at: Instant;
  readonly environment: string;
  readonly process_name: string;
  readonly run_id: string;
}

/** When which run needs a look by the clock: reading what is due costs nothing for the runs that are not. */
export interface Deadlines {
  /** The same deadline twice is one. */
  put(deadline: Deadline): Promise<void>;
  /** Earliest first. */
  due(now: Instant, limit: number): Promise<readonly Deadline[]>;
  remove(deadline: Deadline): Promise<void>;
}

const deadlineSchema = z.object({
  at: z.string(),
  environment: z.string(),
  process_name: z.string(),
  run_id: z.string(),
});

/** A deadline that nobody looked at for so long is past telling. */
const KEPT_SECONDS = 7 * 86_400;

export function openDeadlines(settings: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): Deadlines {
  const { client, table: TableName } = settings;
  const keyOf = ({ at, environment, process_name, run_id }: Deadline) => ({
    pk: 'deadlines',
    sk: `${at} ${JSON.stringify([environment, process_name, run_id])}`,
  });
  /** A function that stays warm sees one run many times. */
  const known = new Set<string>();
  return {
    async put(deadline) {
      const key = keyOf(deadline);
      if (known.has(key.sk)) return;
      const expires_at = Math.ceil(epochMsOf(deadline.at) / 1000) + KEPT_SECONDS;
      await client.send(new PutCommand({ TableName, Item: { ...key, ...deadline, expires_at } }));
      if (known.size >= MAX_KNOWN) known.clear();
      known.add(key.sk);
    },

    async due(now, limit) {
      const { Items } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk and sk < :now',
          ExpressionAttributeValues: { ':pk': 'deadlines', ':now': `${now}!` },
          ConsistentRead: true,
          Limit: limit,
        }),
      );
      return z.array(deadlineSchema).parse(Items ?? []);
    },

    async remove(deadline) {
      await client.send(new DeleteCommand({ TableName, Key: keyOf(deadline) }));
    },
  };
}

const MAX_KNOWN = 10_000;

/** When an open run passes its SLA. */
export function deadlineOf(run: Run): Deadline | undefined {
  const { start_time, end_time, expected_max_duration_ms } = viewOf(run).run;
  if (start_time === null || end_time !== null || expected_max_duration_ms === null) return undefined;
  const { environment, process_name, run_id } = run;
  // One millisecond later it is over.
  return { at: instantOf(epochMsOf(start_time) + expected_max_duration_ms + 1), environment, process_name, run_id };
}
