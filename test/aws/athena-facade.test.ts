import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AwsLake, openAwsLake } from './lake.ts';

let lake: AwsLake;
let athena: AthenaClient;
beforeAll(async () => {
  lake = await openAwsLake();
  athena = lake.athena;
});

const start = async (query: string, token?: string): Promise<string> => {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: query,
      ClientRequestToken: token,
      QueryExecutionContext: { Database: lake.database },
    }),
  );
  return QueryExecutionId ?? '';
};

async function ended(id: string): Promise<QueryExecution> {
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    if (QueryExecution && !['QUEUED', 'RUNNING'].includes(QueryExecution.Status?.State ?? '')) return QueryExecution;
    await sleep(50);
  }
}

const run = async (query: string): Promise<QueryExecution> => ended(await start(query));

async function rowsOf(query: string): Promise<(string | undefined)[][]> {
  const { QueryExecutionId, Status } = await run(query);
  expect(Status?.StateChangeReason).toBeUndefined();
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue));
}

const ENDLESS = `select count(*) from unnest(sequence(1, 10000)) as a (x)
  cross join unnest(sequence(1, 10000)) as b (y) cross join unnest(sequence(1, 10000)) as c (z) where x * y + z = -1`;

test('the first row names the columns; values are text, the unknown is none', async () => {
  expect(
    await rowsOf(
      "select 9007199254740993 as n, cast(null as varchar) as u, '' as e, true as b, 0.1e0 as d, timestamp '2025-11-03 01:02:03.000004' as t",
    ),
  ).toEqual([
    ['n', 'u', 'e', 'b', 'd', 't'],
    ['9007199254740993', undefined, '', 'true', '0.1', '2025-11-03 01:02:03.000004'],
  ]);
});

test('a token starts a query once, and another query not at all', async () => {
  const token = crypto.randomUUID();
  const id = await start('select 1', token);
  expect(await start('select 1', token)).toBe(id);
  await expect(start('select 2', token)).rejects.toThrow('Idempotent parameters do not match');
  await expect(start('select 1', 'short')).rejects.toThrow('expected 32 to 128 characters');
});

test('a query that is stopped is cancelled', async () => {
  const id = await start(ENDLESS);
  await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
  expect((await ended(id)).Status?.State).toBe('CANCELLED');
  await expect(athena.send(new GetQueryResultsCommand({ QueryExecutionId: id }))).rejects.toThrow(
    'Query did not finish successfully. Final query state: CANCELLED',
  );
});

test('a failure says whose it is, and whether to try again', async () => {
  expect((await run('select x from nowhere')).Status).toMatchObject({
    State: 'FAILED',
    StateChangeReason: expect.stringContaining('TABLE_NOT_FOUND'),
    AthenaError: { ErrorCategory: 2, Retryable: false },
  });
});

describe('what Athena refuses', () => {
  test.each([
    ['alter table job_metrics execute optimize', "mismatched input 'EXECUTE'"],
    ['alter table job_metrics add column x bigint', "mismatched input 'COLUMN'"],
    ['create table t (a bigint) with (format = 1)', "mismatched input 'WITH'"],
    ["create table t (a string) location 's3://b/t/'", "expected EXTERNAL, or TBLPROPERTIES ('table_type'='ICEBERG')"],
    ["create external table t (user string) location 's3://b/t/'", 'this reserved word in backticks'],
    ['create external table t ("a" string) location \'s3://b/t/\'', "cannot recognize input near '\"'"],
    ["create external table t (a varchar) location 's3://b/t/'", 'a type: string, int'],
    ['create view v as -- of one\nselect 1 as a', "mismatched input '<EOF>'"],
    ['create view v as select current_timestamp as a', 'Unsupported Hive type: timestamp(3) with time zone'],
    ['create view v as select "$file_size" as a from raw_lines', 'views do not support this hidden column'],
    [
      "create table t (a string) location 's3://b/t/' tblproperties ('table_type' = 'ICEBERG', 'sorted_by' = 'a')",
      'Unsupported table property key: sorted_by',
    ],
    ['start transaction', 'the statement is not supported'],
    ['set session x = 1', 'there is no such statement'],
    ['select 1; select 2', 'Only one sql statement is allowed'],
    [`select '${'x'.repeat(262_144)}'`, 'exceeded the maximum query length'],
  ])('%.60s', async (query, reason) => {
    expect((await run(query)).Status).toMatchObject({
      State: 'FAILED',
      StateChangeReason: expect.stringContaining(reason),
      AthenaError: { ErrorCategory: 2, Retryable: false },
    });
  });
});

test('OPTIMIZE and VACUUM leave the rows and one file of them', async () => {
  const row = (day: number) =>
    `insert into job_metrics (environment, process_name, run_date) values ('prod', 'p', date '2025-11-0${day}')`;
  for (const day of [1, 1, 1, 2]) expect((await run(row(day))).Status?.State).toBe('SUCCEEDED');
  const files = 'select count(*) from "job_metrics$files"';
  expect(await rowsOf(files)).toEqual([['_col0'], ['4']]);
  expect(
    (await run("optimize job_metrics rewrite data using bin_pack where run_date = date '2025-11-01'")).Status,
  ).toMatchObject({ State: 'SUCCEEDED' });
  expect((await run('vacuum job_metrics')).Status).toMatchObject({ State: 'SUCCEEDED' });
  expect(await rowsOf(files)).toEqual([['_col0'], ['2']]);
  expect(await rowsOf('select count(*) from job_metrics')).toEqual([['_col0'], ['4']]);
});
