import type { Instant } from '../instant.ts';
import type { Limits } from './limits.ts';
import type { Role } from './role.ts';

/** What is known of a token beside its secret. */
export interface NamedToken extends Limits {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly created_at: Instant;
  /** Null: it holds until it is revoked. */
  readonly expires_at: Instant | null;
  /** Who created it. Missing: nobody said. */
  readonly created_by?: string;
}

/** A token that is no more. It lets nobody in. */
export interface RevokedToken extends NamedToken {
  readonly revoked_at: Instant;
  readonly revoked_by: string;
}

/** Who ended a token, and when. */
export interface Revocation {
  readonly at: Instant;
  readonly who: string;
}

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const SECRET = /^rl_([a-z0-9][a-z0-9-]{0,62})_Rl7[A-Za-z0-9_-]{43}$/;

/** A name stands in file names, in secrets and in logs. */
export const isTokenName = (text: string): boolean => NAME.test(text);

/** How many random bytes a secret has: 256 bits, which nobody finds by trying. */
export const SECRET_BYTES = 32;

/**
 * What the holder sends: `rl_NAME_Rl7` and the random bytes as base64url. The name within it says which token is meant, so
 * that one hash is compared, however many tokens there are; and it tells where a secret that was found somewhere is from.
 * `_Rl7` is in no word and no name of a table, so that masks know a secret in running text (`core/mask/tokens.ts`).
 */
export const secretOf = (name: string, random: string): string => `rl_${name}_Rl7${random}`;

/** The name within a secret; undefined when the text has not the form of one. */
export const nameInSecret = (text: string): string | undefined => SECRET.exec(text)?.[1];

export const isExpired = ({ expires_at }: Pick<NamedToken, 'expires_at'>, now: Instant): boolean =>
  expires_at !== null && expires_at <= now;
