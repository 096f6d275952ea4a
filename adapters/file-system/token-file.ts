import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { isTokenName, type NamedToken } from '../../core/token/named-token.ts';
import { ROLES } from '../../core/token/role.ts';
import { isMissingFile } from './missing-file.ts';

/**
 * Strict: what a newer version limits a token to must not be overlooked by an older one.
 *
 * One salted SHA-256 is enough: a secret has 256 random bits, so there is no list of likely ones to try against a stolen
 * file, and a hash that is slow on purpose would only slow each request, and help those who want to keep a server busy.
 */
const fileSchema = z.strictObject({
  name: z.string().refine(isTokenName),
  roles: z.array(z.enum(ROLES)).min(1),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TokenFile = z.output<typeof fileSchema>;

/** The text that keeps a token. */
export function tokenFileText({ roles, ...token }: NamedToken, secret: string): string {
  const salt = randomBytes(16).toString('hex');
  const file = { ...token, roles: [...roles], salt, sha256: digestOf(salt, secret).toString('hex') };
  return `${JSON.stringify(fileSchema.parse(file))}\n`;
}

/** Takes as long for no file as for one, and for a near miss as for a wild guess. */
export function isSecretOf(file: TokenFile | undefined, secret: string): file is TokenFile {
  const { salt, sha256 } = file ?? NOBODY;
  return timingSafeEqual(digestOf(salt, secret), Buffer.from(sha256, 'hex')) && file !== undefined;
}
const NOBODY = { salt: '0'.repeat(32), sha256: '0'.repeat(64) };

const digestOf = (salt: string, secret: string): Buffer => hash('sha256', `${salt}${secret}`, 'buffer');

export const tokenOf = ({ name, roles, created_at, expires_at }: TokenFile): NamedToken => ({
  name,
  roles,
  created_at,
  expires_at,
});

const SUFFIX = '.json';
export const tokenPath = (folder: string, name: string): string => join(folder, `${name}${SUFFIX}`);

/** What a file of the folder is: a token, or why it is none. */
export type FoundToken =
  | { readonly name: string; readonly file: TokenFile }
  | { readonly name: string; readonly problem: string; readonly isDamaged: boolean };

/** The files of the folder by name. Throws when the folder cannot be read. */
export function readTokenFiles(folder: string): readonly FoundToken[] {
  return readdirSync(folder)
    .filter((entry) => entry.endsWith(SUFFIX))
    .map((entry) => entry.slice(0, -SUFFIX.length))
    .filter(isTokenName)
    .sort()
    .flatMap((name) => readTokenFile(folder, name));
}

function readTokenFile(folder: string, name: string): readonly FoundToken[] {
  const path = tokenPath(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    // Revoked since the folder was read.
    if (isMissingFile(error)) return [];
    return [{ name, problem: `cannot read ${path}: ${errorMessage(error)}`, isDamaged: false }];
  }
  try {
    const file = fileSchema.parse(JSON.parse(text));
    if (file.name !== name) throw new Error(`the token ${file.name}`);
    return [{ name, file }];
  } catch (error) {
    const came = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    const problem = `expected the token ${name} in ${path}, but got ${came}; it lets nobody in, so revoke it and create it again`;
    return [{ name, problem, isDamaged: true }];
  }
}
