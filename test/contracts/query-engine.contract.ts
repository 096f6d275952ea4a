import { beforeAll, describe, expect } from 'vitest';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { contractTests, type Gap } from './gap.ts';

const comment = '';

/** What every `QueryEngine` does. `open` is called once, and gives one whose tables are not made yet. */
export function queryEngineContract(name: string, open: () => Promise<QueryEngine>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);

  describe(`${name} is a query engine`, () => {
    let engine: QueryEngine;
    let made: readonly string[];
    beforeAll(async () => {
      engine = await open();
      made = await engine.migrate();
    });
    const behaviour = (sentence: string, body: () => Promise<void>) => contractTest(sentence, body);

    behaviour('migrating makes every table, and says which, and every view', async () => {
      expect(made).toEqual(expect.arrayContaining(TABLES.map((table) => `created table ${table.name}`)));
      for (const each of [...TABLES, ...VIEWS]) expect(await engine.query(rowsOf(each.name), {})).toEqual([{ n: 0 }]);
    });

    behaviour('migrating again changes nothing', async () => {
      expect(await engine.migrate()).toEqual([]);
    });

    behaviour('values go in as what they are, and come back so', async () => {
      const values = defineQuery({
        name: 'values',
        text: `select :word as word, :number as number, :instant as instant, day, day is null as absent,
                 1.5e0 as ratio, cast(null as varchar) as nothing
               from (values (date '2025-11-03'), (date '2024-02-29'), (null)) as t (day)
               where day in (:days) or day is null order by day desc nulls last`,
        parameters: { word: 'text', number: 'integer', instant: 'instant', days: 'dates' },
        columns: {
          word: { type: 'varchar', comment },
          number: { type: 'bigint', comment },
          instant: { type: 'timestamp', comment },
          day: { type: 'date', comment },
          absent: { type: 'boolean', comment },
          ratio: { type: 'double', comment },
          nothing: { type: 'varchar', comment },
        },
      });
      const same = {
        word: `it's "so" \\ :word {{now}} \u{1F600}`,
        number: 9_007_199_254_740_991,
        instant: '2025-11-03T12:34:56.780Z',
        ratio: 1.5,
        nothing: null,
      };
      const { word, number, instant } = same;
      expect(await engine.query(values, { word, number, instant, days: ['2024-02-29', '2025-11-03'] })).toEqual([
        { ...same, day: '2025-11-03', absent: false },
        { ...same, day: '2024-02-29', absent: false },
        { ...same, day: null, absent: true },
      ]);
    });

    behaviour('an empty list matches nothing', async () => {
      const none = defineQuery({
        name: 'none',
        text: "select count(*) as n from (values ('a')) as t (word) where word in (:words)",
        parameters: { words: 'texts' },
        columns: { n: { type: 'bigint', comment } },
      });
      expect(await engine.query(none, { words: [] })).toEqual([{ n: 0 }]);
    });

    behaviour('what a statement wrote is there for the next, and it answers no rows', async () => {
      expect(await engine.query(insertOf('written'), {})).toEqual([]);
      expect(await engine.query(writtenBy('written'), {})).toEqual([{ n: 1 }]);
    });

    behaviour('queries that are asked at one time are each answered', async () => {
      const numbers = Array.from({ length: 4 }, (_, number) => number);
      const echo = defineQuery({
        name: 'echo',
        text: 'select :number as number',
        parameters: { number: 'integer' },
        columns: { number: { type: 'bigint', comment } },
      });
      const answers = await Promise.all(numbers.map((number) => engine.query(echo, { number })));
      expect(answers).toEqual(numbers.map((number) => [{ number }]));
    });

    behaviour('a query that fails is named, and the next one is not harmed', async () => {
      const broken = defineQuery({ name: 'broken', text: 'select no_such_column from job_metrics', ...nothing });
      await expect(engine.query(broken, {})).rejects.toThrow(/query broken .*no_such_column/is);
      expect(await engine.query(rowsOf('pipeline_logs'), {})).toEqual([{ n: 0 }]);
    });

    behaviour('a value that is not of its kind is refused before anything runs', async () => {
      const query = defineQuery({ ...insertOf('refused'), parameters: { days: 'dates' }, ...refusedText });
      await expect(engine.query(query, { days: ["2025-11-03' or '1' = '1"] })).rejects.toThrow(
        'SQL parameter :days expected dates, got',
      );
      expect(await engine.query(writtenBy('refused'), {})).toEqual([{ n: 0 }]);
    });

    checkGaps();
  });
}

const nothing = { parameters: {}, columns: {} } as const;
const refusedText = {
  text: "insert into job_metrics (process_name, run_date) select 'refused', day from (values (:days)) as t (day)",
} as const;

const rowsOf = (table: string) =>
  defineQuery({
    name: `rows_of_${table}`,
    text: `select count(*) as n from ${table}`,
    parameters: {},
    columns: { n: { type: 'bigint', comment } },
  });

const insertOf = (process_name: string) =>
  defineQuery({
    name: 'insert',
    text: `insert into job_metrics (process_name, run_date) values ('${process_name}', date '2025-11-03')`,
    ...nothing,
  });

const writtenBy = (process_name: string) =>
  defineQuery({
    name: 'written',
    text: `select count(*) as n from job_metrics where process_name = '${process_name}'`,
    parameters: {},
    columns: { n: { type: 'bigint', comment } },
  });
