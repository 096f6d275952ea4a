import { expect, test } from 'vitest';
import { acceptSettingsFrom, storeFrom } from '../../aws/ports.ts';

test('a function that was deployed without what it needs names it', () => {
  expect(() => storeFrom({})).toThrow(
    'expected the environment variable LEDGER_BUCKET, but got none; deploy the stack again',
  );
  expect(() => acceptSettingsFrom({ LEDGER_MASK_PATTERNS: '' })).toThrow('LEDGER_MASK_PATTERNS, but got an empty one');
});
