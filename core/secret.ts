import { SecretUnavailableError } from './ports/secrets.ts';

/** What a reference to a secret says. */
export interface SecretReference {
  readonly kind: 'env' | 'file' | 'ssm' | 'secretsmanager';
  readonly name: string;
}

/** Reads `env:NAME`, `file:PATH`, `ssm:/NAME` or `secretsmanager:NAME`. Throws where the text is none of them, without repeating it: it may be a secret. */
export function secretReferenceOf(reference: string): SecretReference {
  const [, kind, name] = /^(env|file|ssm|secretsmanager):(.+)$/s.exec(reference) ?? [];
  if (kind === undefined || name === undefined)
    throw new SecretUnavailableError(
      'expected a reference to a secret (env:NAME, file:PATH, ssm:/NAME or secretsmanager:NAME), but got something else',
    );
  return { kind: kind as SecretReference['kind'], name };
}

/** More is no secret, but some file. */
const MAX_LENGTH = 8_192;

/** A secret as it was found: without the line end that editors add. Throws when there is nothing that could be one. */
export function secretFound(reference: string, text: string | undefined, advice: string): string {
  const secret = text?.replace(/[\r\n]+$/, '') ?? '';
  if (secret === '') throw new SecretUnavailableError(`expected a secret in ${reference}, but got none; ${advice}`);
  if (secret.length > MAX_LENGTH)
    throw new SecretUnavailableError(
      `expected a secret of at most ${MAX_LENGTH} characters in ${reference}, but got ${secret.length}; ${advice}`,
    );
  return secret;
}
