import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isNearlyOver } from '../../../aws/with-lease.ts';
import { MAX_EVENT_DATES } from '../../../flows/compact.ts';
import { bounds } from '../../../scripts/scale/bounds.ts';
import { render } from '../../../sql/define-query.ts';
import { EVERY_DAY, OBJECTS_PER_STATEMENT, statementsFor } from '../../../sql/statements.ts';

test('a statement names as many objects, and writes as many partitions, as the model says', () => {
  expect(bounds.objectsPerStatement).toBe(OBJECTS_PER_STATEMENT.maxObjects);
  expect(bounds.datesPerStatement).toBe(MAX_EVENT_DATES);
});

test('a stage takes no new work in the seconds that the model reserves', () => {
  const left = (seconds: number) => isNearlyOver({ awsRequestId: '', getRemainingTimeInMillis: () => seconds * 1000 });
  expect([left(bounds.reservedSeconds + 1), left(bounds.reservedSeconds - 1)]).toEqual([false, true]);
});

test('the largest statement has the bytes that the model says, within a twentieth', () => {
  const bucket = 'runledger-prod-lakebucket0f8fad5b-0123456789ab';
  const object = (index: number): string =>
    `s3://${bucket}/raw/dt=2025-11-03/hh=12/runledger-prod-IngestStream5A8E9A3C-0123456789AB-1-2025-11-03-12-00-00-${String(index).padStart(8, '0')}-d9cb-469f-a165-70867728950e.gz`;
  const day = (index: number): string => new Date(Date.UTC(2025, 10, 3 + index)).toISOString().slice(0, 10);
  const days = Array.from({ length: bounds.datesPerStatement }, (_, index) => day(index));
  const values = {
    objects: Array.from({ length: bounds.objectsPerStatement }, (_, index) => object(index)),
    ...{ arrival_dates: days, event_dates: days, event_days: days, log_dates: days, run_dates: days, ...EVERY_DAY },
  };
  const bytes = Object.values(statementsFor('trino')).map((statement) => {
    const all: Record<string, unknown> = { ...values, now: '2025-11-03T12:00:00.000Z', known_number: 4711 };
    const own = Object.fromEntries(Object.keys(statement.parameters).map((name) => [name, all[name]]));
    return Buffer.byteLength(render(statement as Parameters<typeof render>[0], own as Parameters<typeof render>[1]));
  });
  expect(Math.abs(Math.max(...bytes) / bounds.largestStatementBytes - 1)).toBeLessThan(0.05);
});

test.each([
  [
    'adapters/athena/statement.ts',
    `TIMEOUT_MS = ${(bounds.statementSeconds * 1000).toLocaleString('en').replace(',', '_')};`,
  ],
  ['adapters/dynamodb/due-runs.ts', `RUNS_PER_PAGE = ${bounds.runsPerPage};`],
  ['adapters/dynamodb/due-runs.ts', `UPDATES_AT_ONCE = ${bounds.clockUpdatesAtOnce};`],
])('%s has the bound that the model says: %s', (file, line) => {
  expect(readFileSync(file, 'utf8')).toContain(line);
});
