import { expect, onTestFinished, test } from 'vitest';
import { openBilledAnswers } from '../../../adapters/athena/billed-answers.ts';
import { QueryRejectedError } from '../../../core/ports/answer-engine.ts';
import { EngineUnavailableError } from '../../../core/ports/query-engine.ts';
import { anAthena, type Plot } from './an-athena.ts';

const LIMITS = { maxRows: 10, maxLength: 1_000_000, waitMs: 1_000 };
const [NOON, LATER] = ['2025-11-03T12:00:00.000Z', '2025-11-03T12:01:00.000Z'];

async function playing(...plots: readonly Plot[]) {
  const athena = await anAthena(...plots);
  onTestFinished(() => athena.close());
  const assertReadOnly = async (sql: string) => {
    if (sql.startsWith('drop')) throw new QueryRejectedError('expected one SELECT, got another statement');
  };
  const open = () => openBilledAnswers({ ...athena.options(), assertReadOnly });
  const started = () => new Set(athena.bodiesOf('StartQueryExecution').map((each) => each.ClientRequestToken)).size;
  return { athena, open, started };
}

test('what is asked as of one moment is run once, whoever asks; as of another it is run anew', async () => {
  const { open, started } = await playing(
    { columns: ['n'], rows: [['1']], scannedBytes: 12 },
    { columns: ['n'], rows: [['2']], scannedBytes: 13 },
  );
  expect(await open().answer('select 1', NOON, LIMITS)).toMatchObject({ rows: [['1']], scanned_bytes: 12 });
  expect(await open().answer(' select 1;', NOON, LIMITS)).toMatchObject({ rows: [['1']], scanned_bytes: 12 });
  expect(started()).toBe(1);
  expect(await open().answer('select 1', LATER, LIMITS)).toMatchObject({ rows: [['2']], scanned_bytes: 13 });
});

test('what takes longer goes on, and is answered to who asks again', async () => {
  const { open, athena, started } = await playing({
    states: [...Array.from({ length: 12 }, () => 'RUNNING'), 'SUCCEEDED'],
    columns: ['n'],
    rows: [['1']],
  });
  const answers = open();
  expect(await answers.answer('select 1', NOON, LIMITS)).toMatchObject({ state: 'under way' });
  expect(athena.bodiesOf('StopQueryExecution')).toEqual([]);
  expect(await answers.answer('select 1', NOON, { ...LIMITS, waitMs: 60_000 })).toMatchObject({ rows: [['1']] });
  expect(started()).toBe(1);
});

test('a failure that may pass is followed by another run; one of the text, or of the limit, is the answer', async () => {
  const { open, started } = await playing(
    { states: ['FAILED'], retryable: true },
    { columns: ['n'], rows: [['1']] },
    { states: ['FAILED'], category: 2, reason: "COLUMN_NOT_FOUND: line 1:8: Column 'statsu' cannot be resolved" },
    { states: ['CANCELLED'], reason: 'Bytes scanned limit was exceeded' },
    { states: ['FAILED'], category: 1, reason: 'GENERIC_INTERNAL_ERROR: oh' },
  );
  const answers = open();
  expect(await answers.answer('select 1', NOON, LIMITS)).toMatchObject({ rows: [['1']] });
  expect(started()).toBe(2);
  await expect(answers.answer('select statsu', NOON, LIMITS)).rejects.toThrow('did you mean status?');
  await expect(answers.answer('select 3', NOON, LIMITS)).rejects.toThrow(
    /Bytes scanned limit was exceeded .*; ask for less, or deploy with a larger scanLimitGb/,
  );
  await expect(answers.answer('select 4', NOON, LIMITS)).rejects.toThrow(EngineUnavailableError);
});

test('starts nothing that may not be asked', async () => {
  const { open, athena } = await playing();
  await expect(open().answer('drop table runs', NOON, LIMITS)).rejects.toThrow(QueryRejectedError);
  expect(athena.calls).toEqual([]);
});
