import { expect, onTestFinished, test } from 'vitest';
import { openAnswerEngine } from '../../../adapters/athena/answer-engine.ts';
import { QueryRejectedError } from '../../../core/ports/answer-engine.ts';
import { anAthena, type Plot } from './an-athena.ts';

const LIMITS = { maxRows: 2, maxLength: 1_000_000, timeoutMs: 60_000 };

async function playing(...plots: readonly Plot[]) {
  const athena = await anAthena(...plots);
  onTestFinished(() => athena.close());
  const passed: string[] = [];
  const assertReadOnly = async (sql: string) => {
    if (sql.startsWith('drop')) throw new QueryRejectedError('expected one SELECT, got another statement');
    passed.push(sql);
  };
  return { athena, passed, answers: openAnswerEngine({ ...athena.options(), assertReadOnly }) };
}

test('answers typed cells, with what it read and how long it took', async () => {
  const { answers } = await playing({
    scannedBytes: 12,
    columns: ['name', 'n', 'big', 'd', 'b', 't', 'day', 'nested', 'none'],
    types: ['varchar', 'bigint', 'decimal', 'double', 'boolean', 'timestamp', 'date', 'row', 'integer'],
    rows: [['x', '7', '123456789012345678901', '1.5', 'true', '2025-11-03 12:00:01.5', '2025-11-03', '{a=1}', null]],
  });
  const answer = await answers.answer('select * from job_metrics', LIMITS);
  expect(answer).toMatchObject({ truncated: false, scanned_bytes: 12, elapsed_ms: 100 });
  expect(answer.rows).toEqual([
    ['x', 7, '123456789012345678901', 1.5, true, '2025-11-03T12:00:01.500Z', '2025-11-03', '{a=1}', null],
  ]);
});

test('stops at the most rows that may be answered', async () => {
  const { answers } = await playing({ columns: ['n'], rows: [['1'], ['2'], ['3']] });
  expect(await answers.answer('select n from job_metrics', LIMITS)).toMatchObject({
    rows: [['1'], ['2']],
    truncated: true,
  });
});

test('starts nothing that may not be asked, and asks without the semicolon people type', async () => {
  const { answers, athena, passed } = await playing({ columns: ['n'] });
  await expect(answers.answer('drop table pipeline_logs', LIMITS)).rejects.toThrow(QueryRejectedError);
  expect(athena.calls).toEqual([]);
  await answers.answer(' select 1 ; \n', LIMITS);
  expect(passed).toEqual(['select 1']);
  expect(athena.bodiesOf('StartQueryExecution')).toMatchObject([{ QueryString: 'select 1' }]);
});

test('says of a column that there is not which was probably meant', async () => {
  const { answers } = await playing({
    states: ['FAILED'],
    category: 2,
    reason: "COLUMN_NOT_FOUND: line 1:8: Column 'statsu' cannot be resolved",
  });
  await expect(answers.answer('select statsu from job_metrics', LIMITS)).rejects.toThrow(
    new QueryRejectedError('there is no column statsu; did you mean status?'),
  );
});

test("does not blame the question for Athena's own failures", async () => {
  const { answers } = await playing({ states: ['FAILED'], category: 1, reason: 'GENERIC_INTERNAL_ERROR: oh' });
  const failure = await answers.answer('select 1', LIMITS).catch((error: unknown) => error);
  expect(failure).not.toBeInstanceOf(QueryRejectedError);
  expect(failure).toMatchObject({ message: 'query question failed: GENERIC_INTERNAL_ERROR: oh (execution 0)' });
});

test('says of a question that takes too long how long it may take', async () => {
  const { answers, athena } = await playing({ states: ['RUNNING'], stoppedState: 'CANCELLED' });
  await expect(answers.answer('select 1', LIMITS)).rejects.toThrow(
    new QueryRejectedError(
      'the query took longer than 60 s and was stopped; ask for less, or allow it more time (runledger query --timeout 60s)',
    ),
  );
  expect(athena.bodiesOf('StopQueryExecution')).toHaveLength(1);
});
