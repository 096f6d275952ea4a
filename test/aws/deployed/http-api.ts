import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { openTokenStore } from '../../../adapters/dynamodb/token-store.ts';
import { tokenSecrets } from '../../../adapters/token-secrets.ts';
import { secretOf } from '../../../core/token/named-token.ts';
import type { Role } from '../../../core/token/role.ts';
import type { Ledger } from './ledger.ts';

/** `https://ID.execute-api…`: the emulator answers for it below an address of its own. */
export const httpApiUrl = (): string =>
  `${inject('awsUrl')}/_aws/execute-api/${new URL(inject('outputs').HttpApiUrl).host.split('.')[0]}`;

/** The tokens of the stack, as who may keep them does. */
export const tokensOf = ({ database, outputs }: Ledger) =>
  openTokenStore({ client: database, table: outputs.TableName, secrets: tokenSecrets });

/** The secret of a new token. */
export async function aToken(ledger: Ledger, name: string, ...roles: readonly Role[]): Promise<string> {
  const secret = secretOf(name, randomBytes(32).toString('base64url'));
  await tokensOf(ledger).create({ name, roles, created_at: systemClock.now(), expires_at: null }, secret);
  return secret;
}
