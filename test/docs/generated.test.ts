import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeEvents, describeTables } from '../../scripts/describe-tables.ts';

test('docs/tables.md is what the columns say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/tables.md', 'utf8')).toBe(describeTables());
});

test('docs/event-fields.md is what the columns say; `npm run docs` writes it', () => {
  expect(readFileSync('docs/event-fields.md', 'utf8')).toBe(describeEvents());
});
