import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerEngine } from '../../../adapters/duckdb/answer-engine.ts';
import { assertReadOnlyElsewhere } from '../../../adapters/duckdb/select-guard.ts';
import type { AnswerEngine } from '../../../core/ports/answer-engine.ts';
import { openTestLake, type TestLake } from '../../agreement/lake.ts';

let lake: TestLake;
let answers: AnswerEngine;
beforeAll(async () => {
  lake = await openTestLake();
  writeFileSync(join(lake.root, 'raw', 'secret.txt'), 'secret');
  answers = answerEngine(lake.database);
});
afterAll(() => lake.close());

const ask = (sql: string, maxRows = 100, timeoutMs = 10_000) =>
  answers.answer(sql, { maxRows, maxLength: 1_000_000, timeoutMs });

describe('what may be asked', () => {
  test.each([
    'select 1',
    'select * from current_runs',
    'SELECT count(*) FROM main.pipeline_logs;',
    'with recent as (select * from job_metrics) select * from recent',
    'from pipeline_run_state select status',
    "select date_trunc('day', event_time) from pipeline_logs group by 1 order by 1",
    'select u.x from unnest([1, 2]) as u(x)',
    'with a as (select 1 as n), b as (select * from a) select * from a union all (select n from b)',
    'with recursive r (n) as (select 1 union all select n + 1 from r where n < 3) select * from r',
    'with r as (select 1 as n) select (select max(n) from r) from (with s as (select n from r) select * from s)',
    'with job_metrics as (select * from job_metrics) select * from job_metrics',
    'select range from range(3) union all select generate_series from generate_series(1, 3)',
    "select lpad(process_name, 30, ' '), repeat('#', least(records_out, 100)), printf('%05d', 7) from pipeline_logs",
  ])('%s', async (sql) => {
    await ask(sql);
  });
});

describe('what is refused, and why', () => {
  test.each([
    ['drop table pipeline_logs', 'expected one SELECT'],
    ['delete from pipeline_logs', 'expected one SELECT'],
    ["insert into job_metrics (environment) values ('x')", 'expected one SELECT'],
    ["copy pipeline_logs to '/tmp/x'", 'expected one SELECT'],
    ["attach '/tmp/x.db' as x", 'expected one SELECT'],
    ['set memory_limit = 1', 'expected one SELECT'],
    ['pragma database_list', 'expected'],
    ['select 1; select 2', 'expected one SELECT, got 2 statements'],
    ['select 1; drop table pipeline_logs', 'expected one SELECT'],
    ['', 'expected one SELECT'],
    ['not sql at all', 'expected one SELECT'],
    ["select * from read_text('raw/secret.txt')", 'the table function read_text is not available here'],
    ["select * from 'raw/secret.txt'", 'there is no table or view'],
    ["select * from read_csv('/etc/passwd')", 'the table function read_csv is not available here'],
    ['select * from duckdb_settings()', 'the table function duckdb_settings is not available here'],
    ["select * from query('drop table pipeline_logs')", 'the table function query is not available here'],
    ['select * from information_schema.tables', 'there is no table or view'],
    ['select * from pg_catalog.pg_tables', 'there is no table or view'],
    ['select * from sqlite_master', 'there is no table or view'],
    ['select * from rejected_lines', 'there is no table or view'],
    [
      'select * from duckdb_databases where 1 in (with duckdb_databases as (select 1) select 1)',
      'there is no table or view duckdb_databases',
    ],
    ['select (with k as (select 1) select 1) from k', 'there is no table or view k'],
    ['(with k as (select 1) select * from k) union all select * from k', 'there is no table or view k'],
    ['with a as (select * from b), b as (select 1) select * from a', 'there is no table or view b'],
    ['with sqlite_master as (select * from sqlite_master) select 1', 'there is no table or view sqlite_master'],
    [
      'with recursive sqlite_master as (select * from sqlite_master union all select 1) select 1',
      'there is no table or view sqlite_master',
    ],
    ['with sqlite_master as (select 1) select * from main.sqlite_master', 'no table or view main.sqlite_master'],
    ['with duc\u212adb_tables as (select 1) select * from duckdb_tables', 'expected names after with of letters'],
    ['with "raw/secret.txt" as (select 1) select * from "raw/secret.txt"', 'expected names after with of letters'],
    ['select range(0, 1000000000)', 'expected range after from'],
    ['from unnest(generate_series(0, 1000000000))', 'expected generate_series after from'],
    ["select repeat('x', 2000000000)", 'expected argument 2 of repeat as a number of at most 10000'],
    ["select lpad('x', 500000000, 'y')", 'expected argument 2 of lpad'],
    ['select list_resize([1], records_out) from pipeline_logs', 'expected argument 2 of list_resize'],
    ["select bitstring('1', 2000000000)", 'expected argument 2 of bitstring'],
    ["select printf('%500000000d', 1)", 'expected the widths in the first argument of printf'],
    ["select format('{:{}}', 1, 500000000)", 'expected the widths in the first argument of format'],
    ["select printf('%*d', 500000000, 1)", 'expected the widths in the first argument of printf'],
    ['select sleep_ms(100000)', 'the function sleep_ms is not available here'],
    ["select json_serialize_plan('select 1')", 'the function json_serialize_plan is not available here'],
    [
      "select 1 where exists (select 1 from (select * from glob('/*')))",
      'the table function glob is not available here',
    ],
    ["select getenv('HOME')", 'the function getenv is not available here'],
    ["select current_setting('memory_limit')", 'the function current_setting is not available here'],
    ['describe pipeline_logs', 'expected a SELECT'],
    ['show tables', 'expected a SELECT'],
    ['select nothing from pipeline_logs', 'nothing'],
  ])('%s', async (sql, why) => {
    await expect(ask(sql)).rejects.toMatchObject({ name: 'QueryRejectedError', message: expect.stringContaining(why) });
  });

  test('more rows than the limit are cut, and it is said', async () => {
    expect(await ask('select * from range(1000)', 10)).toMatchObject({ truncated: true, rows: { length: 10 } });
    expect(await ask('select * from range(10)', 10)).toMatchObject({ truncated: false, rows: { length: 10 } });
  });

  test('a query that takes too long is stopped', async () => {
    await expect(ask('select sum(a.range * b.range) from range(1000000) a, range(1000000) b', 10, 50)).rejects.toThrow(
      'the query took longer than 0.05 s and was stopped',
    );
  });

  test('values come as people read them', async () => {
    const answer = await ask(
      "select timestamp '2025-11-03 12:00:00.5' as t, 9007199254740993 as big, cast(1.50 as decimal(10, 2)) as d, null as n, [1, 2] as l, true as b",
    );
    expect(answer.rows).toEqual([['2025-11-03T12:00:00.500Z', '9007199254740993', 1.5, null, [1, 2], true]]);
    expect(answer.columns.map(({ name }) => name)).toEqual(['t', 'big', 'd', 'n', 'l', 'b']);
  });

  test('maps are objects, and numbers and times within anything are what they are outside', async () => {
    const answer = await ask(
      "select map {'a': cast(1 as bigint)} as m, {'n': cast(2 as bigint), 't': [timestamp '2025-11-03']} as s, map {1: 'x'} as k, map {[1]: 2} as c, cast('12345678901234567.5' as decimal(38, 1)) as d, cast(null as map(varchar, integer)) as n",
    );
    expect(answer.rows).toEqual([
      [
        { a: 1 },
        { n: 2, t: ['2025-11-03T00:00:00.000Z'] },
        { 1: 'x' },
        [{ key: [1], value: 2 }],
        '12345678901234567.5',
        null,
      ],
    ]);
  });

  test.each([
    ['select statsu from current_runs', 'there is no column statsu; did you mean status?'],
    ['select r.statsu from current_runs r', 'there is no column statsu; did you mean status?'],
    ['select 1 from current_runs where status = FAILED', "there is no column FAILED; write 'FAILED' in single quotes"],
    [
      'select 1 from current_runs where status = "failed"',
      "there is no column failed; write 'FAILED' in single quotes",
    ],
    [
      'select 1 from current_runs where owner = "my team"',
      "there is no column my team; a text is written in single quotes: 'my team'",
    ],
    ['select 1 from curent_runs', 'there is no table or view curent_runs to read; did you mean current_runs?'],
  ])('%s', async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });
});

/** They change nothing and show nothing but what the asker sent. */
const HARMLESS = [
  'current_connection_id',
  'current_query',
  'current_query_id',
  'current_transaction_id',
  'error',
  'gen_random_uuid',
  'random',
  'stats',
  'uuid',
  'uuidv4',
  'uuidv7',
];

test('every function that DuckDB says is more than a computation is refused, or known to do no harm', async () => {
  const connection = await lake.database.connect();
  const reader = await connection.runAndReadAll(
    "select distinct function_name from duckdb_functions() where has_side_effects or stability = 'VOLATILE' order by 1",
  );
  const passed = [];
  for (const [name] of reader.getRowsJson()) {
    const refusal = await ask(`select ${name}()`).then(
      () => '',
      (error: Error) => error.message,
    );
    if (!refusal.includes('is not available here')) passed.push(name);
  }
  expect(passed).toEqual(HARMLESS);
  connection.closeSync();
});

describe('a SELECT for another engine', () => {
  test.each([
    "select process_name /* of a run */ from current_runs -- the latest\nwhere run_id = '/* /* */'",
    'with r as (select "user" from current_runs) select * from r',
  ])('passes: %s', async (sql) => {
    await assertReadOnlyElsewhere(sql);
  });

  test.each([
    ['select 1 /* /* */ from secrets -- */', 'expected comments that stand apart'],
    ['/* /* */ drop table pipeline_logs -- */ select 1', 'expected comments that stand apart'],
    ['select * from information_schema.tables', 'there is no table or view information_schema.tables to read'],
    ['select * from "pipeline_logs$files"', 'there is no table or view pipeline_logs$files to read'],
    ['select * from main.pipeline_logs', 'there is no table or view main.pipeline_logs to read'],
    ['select * from other.pipeline_logs', 'there is no table or view other.pipeline_logs to read'],
    ['select * from awsdatacatalog.other.pipeline_logs', 'no table or view awsdatacatalog.other.pipeline_logs'],
    [
      'select * from "pipeline_logs$files" where 1 in (with "pipeline_logs$files" as (select 1) select 1)',
      'there is no table or view pipeline_logs$files',
    ],
    [
      'select * from raw_lines where 1 in (with raw_lines as (select 1) select 1)',
      'there is no table or view raw_lines',
    ],
    ['drop table pipeline_logs', 'expected one SELECT, got another statement'],
  ])('is refused: %s', async (sql, why) => {
    await expect(assertReadOnlyElsewhere(sql)).rejects.toThrow(why);
  });
});
