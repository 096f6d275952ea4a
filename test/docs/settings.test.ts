import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROWS = readFileSync('docs/settings.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `RUNLEDGER_'))
  .map((line) => line.split('|').map((cell) => cell.trim()));

const SOURCES = {
  Python: ['clients/python/src/**/*.py'],
  TypeScript: ['clients/typescript/src/**/*.ts'],
  exec: ['clients/sh/runledger-exec'],
} as const;
const COLUMN = { Python: 4, TypeScript: 5, exec: 6 } as const;

/** Both clients make the names of places from the names of options. */
const PLACES = ['URL', 'STREAM', 'FILE', 'S3'].map((name) => `RUNLEDGER_${name}`);

test.for(['Python', 'TypeScript', 'exec'] as const)(
  'every variable that %s reads is in the table, and no other',
  (client) => {
    const source = SOURCES[client].flatMap((pattern) => globSync(pattern)).map((path) => readFileSync(path, 'utf8'));
    const named = source.flatMap((text) => text.match(/RUNLEDGER_[A-Z0-9_]*[A-Z0-9]/g) ?? []);
    const read = new Set([
      ...named,
      ...(client === 'exec' ? [] : [...PLACES, 'RUNLEDGER_ENVIRONMENT', 'RUNLEDGER_OWNER']),
    ]);
    const told = ROWS.filter((cells) => cells[COLUMN[client]] === 'yes').map((cells) => cells[1]?.replaceAll('`', ''));
    expect([...read].sort()).toEqual([...told].sort());
  },
);
