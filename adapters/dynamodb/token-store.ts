import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { NamedTokens, TokenStore } from '../../core/ports/named-tokens.ts';
import { keptTokenSchema, revokedTokenSchema, type TokenSecrets, tokenOf } from '../../core/token/kept-token.ts';
import { isTokenName, nameInSecret } from '../../core/token/named-token.ts';
import { accessOf, ask, isConditionFailure, type TableSettings } from './access.ts';
import { inPartition, type Key, queryPages } from './items.ts';
import { PARTITIONS } from './table.ts';

export interface TokenTable extends TableSettings {
  readonly secrets: TokenSecrets;
}

/**
 * Named tokens as items of one partition of the live table, each changed by conditional writes only. A token is read at
 * each request, strongly consistent, so a revoked one lets nobody in from then on. Nobody is let in without a token.
 * Refusals of the table are thrown with what to do.
 */
export function openTokenStore({ secrets, ...settings }: TokenTable): NamedTokens & TokenStore {
  const access = accessOf(settings);
  const { client, table: TableName } = access;
  const read = async (name: string): Promise<unknown> => {
    const request = new GetCommand({ TableName, Key: keyOf(name), ConsistentRead: true });
    return (await ask(access, () => client.send(request))).Item;
  };
  /** False when another writer came between. */
  const write = async (item: object, condition: object): Promise<boolean> => {
    try {
      await ask(access, () => client.send(new PutCommand({ TableName, Item: { ...item }, ...condition })));
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  };

  return {
    areNeeded: () => true,

    async ofSecret(secret) {
      const name = nameInSecret(secret);
      const found = name === undefined ? undefined : heldItem.safeParse(await read(name)).data;
      return secrets.isOf(found?.token, secret) ? found && tokenOf(found.token) : undefined;
    },

    async list() {
      const [tokens, revoked, problems]: [Held['token'][], Revoked['token'][], string[]] = [[], [], []];
      for await (const { items } of queryPages<Key>(access, inPartition(PARTITION))) {
        for (const item of items) {
          const held = heldItem.safeParse(item);
          const ended = revokedItem.safeParse(item);
          if (held.success) tokens.push(held.data.token);
          else if (ended.success) revoked.push(ended.data.token);
          else problems.push(problemOf(item.sk, held.error));
        }
      }
      return { tokens: tokens.map(tokenOf), revoked, problems };
    },

    create: (token, secret) =>
      write(
        { ...keyOf(token.name), token: secrets.keep(token, secret), is_held: true },
        // A revoked token leaves its name free.
        {
          ConditionExpression: 'attribute_not_exists(pk) or is_held = :revoked',
          ExpressionAttributeValues: { ':revoked': false },
        },
      ),

    async revoke(name, { at, who }) {
      if (!isTokenName(name)) return false;
      const item = await read(name);
      if (item === undefined || revokedItem.safeParse(item).success) return false;
      const held = heldItem.safeParse(item).data?.token;
      const known = held === undefined ? unreadable(name, at) : tokenOf(held);
      return write(
        { ...keyOf(name), token: { ...known, revoked_at: at, revoked_by: who }, is_held: false },
        { ConditionExpression: 'is_held = :held', ExpressionAttributeValues: { ':held': true } },
      );
    },
  };
}

const PARTITION = `${PARTITIONS.token}all` as const;
const keyOf = (name: string): Key => ({ pk: PARTITION, sk: name });

const heldItem = z.object({ sk: z.string(), token: keptTokenSchema, is_held: z.literal(true) });
type Held = z.output<typeof heldItem>;
const revokedItem = z.object({ sk: z.string(), token: revokedTokenSchema, is_held: z.literal(false) });
type Revoked = z.output<typeof revokedItem>;

/** One that a newer version made, or a hand: it lets nobody in, and may be revoked all the same. */
const unreadable = (name: string, at: string) => ({ name, roles: ['read' as const], created_at: at, expires_at: null });

const problemOf = (name: string, error: z.ZodError): string =>
  `expected the token ${name} in the live table, but got ${z.prettifyError(error)}; it lets nobody in, so revoke it and create it again`;
