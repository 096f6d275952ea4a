import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { errorMessage } from '../../core/error-message.ts';
import { type KeptToken, keptTokenSchema, revokedTokenSchema } from '../../core/token/kept-token.ts';
import { isTokenName, type RevokedToken } from '../../core/token/named-token.ts';
import { isMissingFile } from './missing-file.ts';

const SUFFIX = '.json';
const REVOKED = '.revoked.json';
export const tokenPath = (folder: string, name: string): string => join(folder, `${name}${SUFFIX}`);
/** No name of a token has a full stop. */
export const revokedPath = (folder: string, name: string): string => join(folder, `${name}${REVOKED}`);

/** What a file of the folder is: a token, or why it is none. */
export type FoundToken =
  | { readonly name: string; readonly file: KeptToken }
  | { readonly name: string; readonly problem: string; readonly isDamaged: boolean };

/** The tokens of the folder by name. Throws when the folder cannot be read. */
export const readTokenFiles = (folder: string): readonly FoundToken[] =>
  namesIn(folder, SUFFIX).flatMap((name) => readTokenFile(folder, name) ?? []);

/** The revoked tokens of the folder by name; those that cannot be read are left out: they let nobody in anyway. */
export const readRevokedFiles = (folder: string): readonly RevokedToken[] =>
  namesIn(folder, REVOKED).flatMap((name) => {
    try {
      return [revokedTokenSchema.parse(JSON.parse(readFileSync(revokedPath(folder, name), 'utf8')))];
    } catch {
      return [];
    }
  });

const namesIn = (folder: string, suffix: string): readonly string[] =>
  readdirSync(folder)
    .filter((entry) => entry.endsWith(suffix))
    .map((entry) => entry.slice(0, -suffix.length))
    .filter(isTokenName)
    .sort();

/** Undefined: it was revoked since the folder was read. */
export function readTokenFile(folder: string, name: string): FoundToken | undefined {
  const path = tokenPath(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    return { name, problem: `cannot read ${path}: ${errorMessage(error)}`, isDamaged: false };
  }
  try {
    const file = keptTokenSchema.parse(JSON.parse(text));
    if (file.name !== name) throw new Error(`the token ${file.name}`);
    return { name, file };
  } catch (error) {
    const came = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
    const problem = `expected the token ${name} in ${path}, but got ${came}; it lets nobody in, so revoke it and create it again`;
    return { name, problem, isDamaged: true };
  }
}
