import type { Context } from 'hono';
import type { NamedTokens } from '../../core/ports/named-tokens.ts';
import type { Caller } from './caller.ts';

/** What API Gateway's JWT authorizer found: it sets this itself, and no header can. */
interface Authorized {
  readonly requestContext?: { readonly authorizer?: { readonly jwt?: { readonly claims?: Claims } } };
}
type Claims = Readonly<Record<string, unknown>>;

/** Who the caller is, as the issuer says; the first that there is. */
const NAMES = ['email', 'preferred_username', 'username', 'cognito:username', 'client_id', 'sub'];
/** Where issuers say what somebody may, each as a list. */
const GROUPS = ['groups', 'cognito:groups', 'roles', 'scope', 'scp'];

/**
 * The caller that a JWT names, whom the authorizer has let in. Everybody may read; who has the group, role or scope that is
 * named may operate.
 */
export const jwtCaller =
  (operators: string | undefined) =>
  (c: Context): Caller | undefined => {
    const claims = (c.env as Authorized | undefined)?.requestContext?.authorizer?.jwt?.claims;
    if (claims === undefined) return undefined;
    const name = NAMES.map((each) => claims[each]).find((each) => typeof each === 'string' && each !== '');
    const mayOperate = operators !== undefined && GROUPS.some((each) => listOf(claims[each]).includes(operators));
    return { name: typeof name === 'string' ? name : 'unknown', roles: [mayOperate ? 'operate' : 'read'] };
  };

/** A list in a claim reaches a function as text: `[a b]`, `a b`, or `a,b`. */
const listOf = (claim: unknown): readonly string[] =>
  Array.isArray(claim)
    ? claim.map(String)
    : String(claim ?? '')
        .replace(/^\[|\]$/g, '')
        .split(/[\s,]+/);

/** Where a JWT lets callers in, no token of the ledger does. */
export const NO_TOKENS: NamedTokens = { areNeeded: () => true, ofSecret: async () => undefined };
