import type { Context } from 'hono';
import type { Role } from '../../core/token/role.ts';

/** Who a request is from, as its token says. */
export interface Caller {
  /** The name of the token. Null: it has none, or none was asked for. */
  readonly name: string | null;
  readonly roles: readonly Role[];
}

const CALLER = 'caller';

export const setCaller = (c: Context, caller: Caller): void => c.set(CALLER, caller);

/** The name of the token with which a request was let in; null where no name is known. */
export const callerNameOf = (c: Context): string | null => (c.get(CALLER) as Caller | undefined)?.name ?? null;
