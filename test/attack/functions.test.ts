import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lake } from '../../adapters/duckdb/lake.ts';
import { openLakeProcess } from '../../adapters/duckdb/lake-process.ts';
import { openQueryEngine } from '../../adapters/duckdb/query-engine.ts';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import prelude from '../../sql/duckdb-prelude.sql';

const LIMITS = { maxRows: 100, maxLength: 1_000_000, timeoutMs: 250 };

let root: string;
let lake: Lake;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'runledger-functions-'));
  for (const folder of ['raw', 'rejected']) mkdirSync(join(root, folder));
  lake = await openLakeProcess({ path: join(root, 'lake.duckdb'), root, prelude });
  await (await openQueryEngine(lake)).migrate();
  await lake.run('main', ['create table kept as select 7 as n']);
});
afterAll(async () => {
  await lake.close();
  rmSync(root, { recursive: true, force: true });
});

/** Large values of each type, as columns of one row. */
const HOSTILE = `with long as (select string_agg(repeat('x', 9999), '') as text from range(10)),
  hostile as (select text, text::blob as bytes, text::blob::bit as bits, (select list(range) from range(100000)) as items,
    (select list(repeat('y', 99)) from range(10000)) as texts, map([text], [text]) as pairs, to_json(text) as doc from long)`;

/** An argument of a type as `duckdb_functions()` names it. */
function argumentOf(type: string): string {
  if (/LAMBDA/.test(type)) return '(x -> x)';
  if (/^VARCHAR\[\]/.test(type)) return 'texts';
  if (/\[\]|LIST|ARRAY/.test(type)) return 'items';
  if (/^MAP/.test(type)) return 'pairs';
  if (/^STRUCT|RECORD/.test(type)) return '{a: text}';
  if (/^JSON/.test(type)) return 'doc';
  if (/^BLOB/.test(type)) return 'bytes';
  if (/^BIT/.test(type)) return 'bits';
  if (/^BOOL/.test(type)) return 'true';
  if (/^(TINYINT|UTINYINT|SMALLINT|USMALLINT)/.test(type)) return '100';
  if (/INT/.test(type)) return '2000000000';
  if (/^(DOUBLE|FLOAT|REAL|DECIMAL)/.test(type)) return '1e300';
  if (/^TIMESTAMP/.test(type)) return "timestamp '2025-11-03 12:00:00'";
  if (/^DATE/.test(type)) return "date '2025-11-03'";
  if (/^TIME/.test(type)) return "time '12:00:00'";
  if (/^INTERVAL/.test(type)) return "interval '1' microsecond";
  if (/^UUID/.test(type)) return "uuid '00000000-0000-0000-0000-000000000000'";
  return 'text';
}

async function questions(): Promise<readonly string[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `select distinct function_name, cast(parameter_types as json) as types, varargs from duckdb_functions()
     where function_type in ('scalar', 'aggregate', 'macro') order by all`,
  );
  const found = reader.getRowObjectsJson().map(({ function_name, types, varargs }) => {
    const given = (JSON.parse(String(types ?? '[]')) as (string | null)[]).map((type) => argumentOf(type ?? 'ANY'));
    if (varargs !== null && varargs !== undefined) given.push(...Array<string>(3).fill(argumentOf(String(varargs))));
    return `${HOSTILE} select "${function_name}"(${given.join(', ')}) from hostile, range(100)`;
  });
  instance.closeSync();
  return [...new Set(found)];
}

test('every function with large arguments is answered, refused or ended at its limit, and the lake lives', async () => {
  const outcomes = { answered: 0, refused: 0, ended: 0 };
  const asked = await questions();
  for (const sql of asked) {
    try {
      await lake.answer(sql, LIMITS);
      outcomes.answered += 1;
    } catch (error) {
      // Anything else is a failure of the ledger.
      if (!(error instanceof QueryRejectedError)) throw new Error(`${sql} failed`, { cause: error });
      outcomes[/was stopped|process of the query engine ended/.test(error.message) ? 'ended' : 'refused'] += 1;
    }
  }
  expect(asked.length).toBeGreaterThan(1_000);
  expect(outcomes.answered).toBeGreaterThan(100);
  expect(outcomes.refused).toBeGreaterThan(100);
  expect(await lake.run('main', ['select n from kept'])).toEqual([{ n: 7 }]);
}, 600_000);
