import { AthenaClient, StartQueryExecutionCommand } from '@aws-sdk/client-athena';
import { S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, onTestFinished, test } from 'vitest';
import { acceptSettingsFrom, migrateTablesPorts } from '../../aws/function-ports.ts';
import { storeFrom } from '../../aws/ports.ts';
import { OutOfTimeError } from '../../core/ports/query-engine.ts';
import { statementsFor } from '../../sql/statements.ts';
import { aStore } from '../fakes/object-store.ts';

test('a function that was deployed without what it needs names it', async () => {
  expect(() => storeFrom({}, new S3Client())).toThrow(
    'expected the environment variable LEDGER_BUCKET, but got none; deploy the stack again',
  );
  const others = { LEDGER_ENVIRONMENT: 'prod', LEDGER_ZONE: 'UTC', LEDGER_KEEP_USER_EMAIL: 'false' };
  await expect(acceptSettingsFrom({ ...others, LEDGER_MASK_PATTERNS: '' }, aStore())).rejects.toThrow(
    'LEDGER_MASK_PATTERNS, but got an empty one',
  );
});

test('no statement is started that its function could not see to its end', async () => {
  const athena = mockClient(AthenaClient).rejects(new Error('nothing was to be asked'));
  onTestFinished(() => athena.restore());
  const { openEngine } = migrateTablesPorts({
    LEDGER_BUCKET: 'lake',
    LEDGER_DATABASE: 'ledger',
    LEDGER_WORKGROUP: 'ledger',
  });
  const engine = openEngine('request-1', { getRemainingTimeInMillis: () => 30_000 });
  const { aggregateMetrics } = statementsFor('trino');
  await expect(engine.query(aggregateMetrics, { run_dates: [], now: '2025-11-03T12:00:00.000Z' })).rejects.toThrow(
    OutOfTimeError,
  );
  expect(athena.commandCalls(StartQueryExecutionCommand)).toEqual([]);
});
