import type { Context } from 'hono';
import { type Limits, limitsOf } from '../../core/token/limits.ts';
import type { Role } from '../../core/token/role.ts';

/** Who a request is from, as its token says, and what that is limited to. */
export interface Caller extends Limits {
  /** The name of the token. Null: it has none, or none was asked for. */
  readonly name: string | null;
  readonly roles: readonly Role[];
}

const CALLER = 'caller';

export const setCaller = (c: Context, caller: Caller): void => c.set(CALLER, caller);

const callerOf = (c: Context): Caller | undefined => c.get(CALLER) as Caller | undefined;

/** The name of the token with which a request was let in; null where no name is known. */
export const callerNameOf = (c: Context): string | null => callerOf(c)?.name ?? null;

/** What the token is limited to with which a request was let in; undefined: nothing. */
export const callerLimitsOf = (c: Context): Limits | undefined => limitsOf(callerOf(c) ?? {});
