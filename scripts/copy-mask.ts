import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of the ledger's mask that the client has too: all but patterns that a ledger configures. */
export const SHARED_FILES = [
  'addresses.ts',
  'built-in.ts',
  'escapes.ts',
  'json.ts',
  'names.ts',
  'pairs.ts',
  'phrases.ts',
  'token.ts',
  'tokens.ts',
  'values.ts',
] as const;

/** A file as it stands in the client: the same, but for a first line that says so. */
export const sharedSource = (file: string): string =>
  `// A copy of core/mask/${file}, made by \`npm run docs\`: the client is published alone.\n${readFileSync(join('core', 'mask', file), 'utf8')}`;

export function copyMask(): void {
  for (const file of SHARED_FILES)
    writeFileSync(join('clients', 'typescript', 'src', 'mask', file), sharedSource(file));
}
