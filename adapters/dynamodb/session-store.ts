import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { epochMsOf } from '../../core/instant.ts';
import type { SessionStore } from '../../core/ports/session-store.ts';
import { accessOf, ask, type TableSettings } from './access.ts';
import { partitionOf } from './partition-of.ts';
import { PARTITIONS } from './table.ts';

const keptSession = z.object({
  key: z.string(),
  sealed: z.string(),
  began_at: z.string(),
  used_at: z.string(),
  ends_at: z.string(),
});

/** Sessions as items of the live table, which DynamoDB deletes once they are over. Refusals of the table are thrown with what to do. */
export function openSessionStore(settings: TableSettings): SessionStore {
  const access = accessOf(settings);
  const { client, table: TableName } = access;
  const keyOf = (key: string) => ({ pk: partitionOf(PARTITIONS.session, key), sk: 'session' });
  return {
    async put(session) {
      const expires_at = Math.ceil(epochMsOf(session.ends_at) / 1000);
      const Item = { ...keyOf(session.key), ...session, expires_at };
      await ask(access, () => client.send(new PutCommand({ TableName, Item })));
    },
    async get(key) {
      // Consistent: whoever signed in a moment ago is in.
      const request = new GetCommand({ TableName, Key: keyOf(key), ConsistentRead: true });
      return keptSession.safeParse((await ask(access, () => client.send(request))).Item).data;
    },
    async delete(key) {
      await ask(access, () => client.send(new DeleteCommand({ TableName, Key: keyOf(key) })));
    },
  };
}
