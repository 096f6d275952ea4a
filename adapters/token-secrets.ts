import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { keptTokenSchema, type TokenSecrets } from '../core/token/kept-token.ts';

/** Salted SHA-256; `kept-token.ts` says why that is enough. */
export const tokenSecrets: TokenSecrets = {
  keep({ roles, ...token }, secret) {
    const salt = randomBytes(16).toString('hex');
    return keptTokenSchema.parse({ ...token, roles: [...roles], salt, sha256: digestOf(salt, secret).toString('hex') });
  },
  isOf(token, secret): token is NonNullable<typeof token> {
    const { salt, sha256 } = token ?? NOBODY;
    return timingSafeEqual(digestOf(salt, secret), Buffer.from(sha256, 'hex')) && token !== undefined;
  },
};

const NOBODY = { salt: '0'.repeat(32), sha256: '0'.repeat(64) };

const digestOf = (salt: string, secret: string): Buffer => hash('sha256', `${salt}${secret}`, 'buffer');
