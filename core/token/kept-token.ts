import * as z from 'zod';
import { limitsShape } from './limits.ts';
import { isTokenName, type NamedToken } from './named-token.ts';
import { ROLES } from './role.ts';

/**
 * A token as it is kept. Strict: what a newer version limits a token to must not be overlooked by an older one.
 *
 * One salted SHA-256 is enough: a secret has 256 random bits, so there is no list of likely ones to try against a stolen
 * hash, and one that is slow on purpose would only slow each request, and help those who want to keep a server busy.
 */
export const keptTokenSchema = z.strictObject({
  name: z.string().refine(isTokenName),
  roles: z.array(z.enum(ROLES)).min(1),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  created_by: z.exactOptional(z.string()),
  ...limitsShape,
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type KeptToken = z.output<typeof keptTokenSchema>;

/** What is kept of one that was revoked: no part of its secret. */
export const revokedTokenSchema = keptTokenSchema
  .omit({ salt: true, sha256: true })
  .extend({ revoked_at: z.iso.datetime(), revoked_by: z.string() });

export const tokenOf = ({ salt: _salt, sha256: _sha256, ...token }: KeptToken): NamedToken => token;

/** Makes and checks hashes of secrets. */
export interface TokenSecrets {
  /** A token as it is kept, its secret as a salted hash. */
  keep(token: NamedToken, secret: string): KeptToken;
  /** Takes as long for no token as for one, and for a near miss as for a wild guess. */
  isOf(token: KeptToken | undefined, secret: string): token is KeptToken;
}
