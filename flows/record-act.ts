import { type Act, actKey, actLine } from '../core/audit/act.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { TokenStore } from '../core/ports/named-tokens.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';

export interface ActPorts {
  readonly store: Pick<ObjectStore, 'put'>;
  readonly hash: (text: string) => string;
}

/** Writes down what a person does. Call it before the act: what is not written down is not done. */
export async function recordAct({ store, hash }: ActPorts, act: Act): Promise<void> {
  await store.put(actKey(act, hash), `${actLine(act)}\n`);
}

/**
 * Named tokens, of which it is written down who made and who ended them. A token that cannot be written down is ended
 * again; one that is to end is ended first, because nothing must keep it alive.
 */
export function auditedTokens(tokens: TokenStore, ports: ActPorts & { readonly clock: Clock }): TokenStore {
  return {
    list: () => tokens.list(),
    create: async (token, secret) => {
      if (!(await tokens.create(token, secret))) return false;
      const { name, roles, created_at, created_by, expires_at } = token;
      const detail = `${roles.join(', ')}, ${expires_at === null ? 'until it is revoked' : `until ${expires_at}`}`;
      try {
        await recordAct(ports, { kind: 'create_token', acted_at: created_at, who: created_by, target: name, detail });
      } catch (error) {
        await tokens.revoke(name, { at: ports.clock.now(), who: created_by ?? 'the ledger' });
        throw error;
      }
      return true;
    },
    revoke: async (name, by) => {
      const isRevoked = await tokens.revoke(name, by);
      if (isRevoked) await recordAct(ports, { kind: 'revoke_token', acted_at: by.at, who: by.who, target: name });
      return isRevoked;
    },
  };
}
