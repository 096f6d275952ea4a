import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { acceptSettingsFrom } from '../../aws/function-ports.ts';
import { storeFrom } from '../../aws/ports.ts';
import { aStore } from '../fakes/object-store.ts';

test('a function that was deployed without what it needs names it', async () => {
  expect(() => storeFrom({}, new S3Client())).toThrow(
    'expected the environment variable LEDGER_BUCKET, but got none; deploy the stack again',
  );
  await expect(acceptSettingsFrom({ LEDGER_MASK_PATTERNS: '' }, aStore())).rejects.toThrow(
    'LEDGER_MASK_PATTERNS, but got an empty one',
  );
});
