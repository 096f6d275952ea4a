import { afterAll, beforeAll, describe, expect } from 'vitest';
import { type AnswerEngine, QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { contractTests, type Gap } from './gap.ts';

export interface OpenedAnswers {
  readonly answers: AnswerEngine;
  close?(): void | Promise<void>;
}

const LIMITS = { maxRows: 100, maxLength: 1_000_000, timeoutMs: 120_000 };
/** Joins more rows than any engine counts in a second. */
const ENDLESS = `select count(*) from ${['a', 'b', 'c', 'd'].map((name) => `unnest(sequence(1, 10000)) as ${name} (n)`).join(' cross join ')}`;

/** What every `AnswerEngine` does. `open` is called once, and gives one over the ledger's tables, which are empty. */
export function answerEngineContract(
  name: string,
  open: () => Promise<OpenedAnswers>,
  { endless = ENDLESS, gaps = [] }: { readonly endless?: string; readonly gaps?: readonly Gap[] } = {},
): void {
  const { contractTest, checkGaps } = contractTests(gaps);

  describe(`${name} is an answer engine`, () => {
    let opened: OpenedAnswers;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened.close?.());
    const ask = (sql: string, limits: Partial<typeof LIMITS> = {}) =>
      opened.answers.answer(sql, { ...LIMITS, ...limits });

    contractTest('answers named columns and rows in the order that was asked for', async () => {
      const answer = await ask("select n as number, word from (values (2, 'b'), (1, 'a')) as t (n, word) order by n");
      expect(answer.columns).toEqual([
        { name: 'number', type: 'integer' },
        { name: 'word', type: 'varchar' },
      ]);
      expect(answer.rows).toEqual([
        [1, 'a'],
        [2, 'b'],
      ]);
      expect(answer.truncated).toBe(false);
      expect(answer.elapsed_ms).toBeGreaterThanOrEqual(0);
    });

    contractTest('no rows are an answer with its columns', async () => {
      expect(await ask('select process_name from job_metrics')).toMatchObject({
        columns: [{ name: 'process_name', type: 'varchar' }],
        rows: [],
        truncated: false,
      });
    });

    contractTest('instants end in Z, integers beyond 2^53 are text, unknown is null', async () => {
      const { rows } = await ask(
        `select timestamp '2025-11-03 12:00:00.500' as instant, cast(7 as bigint) as small,
           9007199254740993 as large, cast(null as varchar) as nothing, 1 = 1 as yes, 1.5e0 as ratio`,
      );
      expect(rows).toEqual([['2025-11-03T12:00:00.500Z', 7, '9007199254740993', null, true, 1.5]]);
    });

    contractTest('maxRows cuts what is more, and says so', async () => {
      const five = 'select n from (values (1), (2), (3), (4), (5)) as t (n) order by n';
      expect(await ask(five, { maxRows: 3 })).toMatchObject({ rows: [[1], [2], [3]], truncated: true });
      expect(await ask(five, { maxRows: 5 })).toMatchObject({ rows: { length: 5 }, truncated: false });
    });

    contractTest('maxLength cuts what is more, and says so; one row of more is refused', async () => {
      const five = "select word from (values ('aaaa'), ('bbbb'), ('cccc')) as t (word) order by word";
      expect(await ask(five, { maxLength: 20 })).toMatchObject({ rows: [['aaaa'], ['bbbb']], truncated: true });
      expect(await ask(five, { maxLength: 24 })).toMatchObject({ rows: { length: 3 }, truncated: false });
      await expect(ask(five, { maxLength: 5 })).rejects.toThrow(QueryRejectedError);
    });

    contractTest('a semicolon at the end does no harm', async () => {
      expect((await ask('select 1 as n;')).rows).toEqual([[1]]);
    });

    contractTest('refuses what is not one SELECT, and nothing has happened then', async () => {
      for (const sql of [
        '',
        'not sql at all',
        'drop table job_metrics',
        'delete from job_metrics',
        "insert into job_metrics (environment) values ('x')",
        'create table mine as select 1 as n',
        'select 1; select 2',
        'select 1; drop table job_metrics',
      ])
        await expect(ask(sql), sql).rejects.toThrow(QueryRejectedError);
      expect((await ask('select count(*) as n from job_metrics')).rows).toEqual([[0]]);
    });

    contractTest('refuses tables that are not to be read, and names what is', async () => {
      for (const sql of ['select * from rejected_lines', 'select * from information_schema.tables'])
        await expect(ask(sql), sql).rejects.toThrow(/current_runs/);
    });

    contractTest('refuses a question that does not run, in words that name what is wrong', async () => {
      const asking = ask('select no_such_column from job_metrics');
      await expect(asking).rejects.toThrow(QueryRejectedError);
      await expect(asking).rejects.toThrow(/no_such_column/i);
    });

    contractTest('stops a question that takes longer than timeoutMs', async () => {
      await expect(ask(endless, { timeoutMs: 200 })).rejects.toThrow(QueryRejectedError);
      expect((await ask('select 1 as n')).rows).toEqual([[1]]);
    });

    contractTest('questions that are asked at the same time are each answered', async () => {
      const answers = await Promise.all([1, 2, 3, 4].map((number) => ask(`select ${number} as n`)));
      expect(answers.map(({ rows }) => rows)).toEqual([[[1]], [[2]], [[3]], [[4]]]);
    });

    checkGaps();
  });
}
