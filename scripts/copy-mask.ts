import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALPHABETS, INNER_FORMS, TOKEN_FORMS } from '../core/mask/tokens.ts';

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
  writeFileSync(PYTHON_TOKENS, pythonTokens());
}

/** The table of tokens as the Python client has it; the rest of the mask is written there by hand, and held to the vectors. */
export const pythonTokens =
  (): string => `"""The kinds of tokens that name themselves. Made from core/mask/tokens.ts by \`npm run docs\`."""

from __future__ import annotations

from typing import Dict, Sequence, Tuple, TypedDict


class _Form(TypedDict):
    rules: str
    of: str
    least: int


class TokenForm(_Form, total=False):
    starts: str
    most: int
    has: str
    mark: str


class InnerForm(_Form):
    within: str
    before: Tuple[int, int]


ALPHABETS: Dict[str, str] = {
${Object.entries(ALPHABETS)
  .map(([name, groups]) => `    ${JSON.stringify(name)}: ${JSON.stringify(groups)},\n`)
  .join('')}}

TOKEN_FORMS: Sequence[TokenForm] = [
${TOKEN_FORMS.map(pythonForm).join('')}]

INNER_FORMS: Sequence[InnerForm] = [
${INNER_FORMS.map(pythonForm).join('')}]
`;

const pythonForm = (form: object): string =>
  `    {\n${Object.entries(form)
    .map(
      ([name, value]) =>
        `        "${name}": ${Array.isArray(value) ? `(${value.join(', ')})` : JSON.stringify(value)},\n`,
    )
    .join('')}    },\n`;

export const PYTHON_TOKENS = join('clients', 'python', 'src', 'runledger', 'mask', 'tokens.py');
