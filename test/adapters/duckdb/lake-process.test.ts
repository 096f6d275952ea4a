import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Lake } from '../../../adapters/duckdb/lake.ts';
import { openLakeProcess } from '../../../adapters/duckdb/lake-process.ts';
import { openQueryEngine } from '../../../adapters/duckdb/query-engine.ts';
import { openShadowTables } from '../../../adapters/duckdb/shadow-tables.ts';
import prelude from '../../../sql/duckdb-prelude.sql';
import { answerEngineContract } from '../../contracts/answer-engine.contract.ts';
import { queryEngineContract } from '../../contracts/query-engine.contract.ts';
import { shadowTablesContract } from '../../contracts/shadow-tables.contract.ts';

const opened: { root: string; lake: Lake }[] = [];
async function openLake(): Promise<Lake> {
  const root = mkdtempSync(join(tmpdir(), 'runledger-lake-'));
  for (const folder of ['raw', 'rejected']) mkdirSync(join(root, folder));
  const lake = await openLakeProcess({ path: join(root, 'lake.duckdb'), root, prelude });
  opened.push({ root, lake });
  return lake;
}
afterAll(async () => {
  for (const { root, lake } of opened) {
    await lake.close();
    rmSync(root, { recursive: true, force: true });
  }
});

const NAME = 'DuckDB in a process of its own';
queryEngineContract(NAME, async () => openQueryEngine(await openLake()));
shadowTablesContract(NAME, async () => {
  const lake = await openLake();
  const engine = await openQueryEngine(lake);
  await engine.migrate();
  return { engine, openShadowTables: () => openShadowTables(lake), close: () => undefined };
});
answerEngineContract(
  NAME,
  async () => {
    const lake = await openLake();
    await (await openQueryEngine(lake)).migrate();
    return { answers: lake };
  },
  { endless: 'select count(*) from range(10000000) as a cross join range(10000000) as b' },
);

describe('the process that owns the file', () => {
  const LIMITS = { maxRows: 100_000, maxLength: 32 * 1024 * 1024, timeoutMs: 50_000 };
  /** No interrupt stops it. */
  const ENDLESS_CALL =
    "select levenshtein(repeat('x', 9999) || a, repeat('y', 9999) || a) from (select string_agg(repeat('z', 9999), '') as a from range(20)) t";
  /** Ten thousand texts of 1 MB: no limit of DuckDB's binds them. */
  const BOMB =
    "with t as (select string_agg(repeat('x', 9999), '') as s from range(100)) select max(length(replace(s, 'x', s))) from t";
  let lake: Lake;
  beforeAll(async () => {
    lake = await openLake();
    await lake.run('main', ['create table kept (n integer)', 'insert into kept values (7)']);
  });
  const kept = () => lake.run('main', ['select n from kept']);

  test('a question that no interrupt stops is ended at its limit, and what was written is there', async () => {
    await expect(lake.answer(ENDLESS_CALL, { ...LIMITS, timeoutMs: 200 })).rejects.toThrow(
      'the query took longer than 0.2 s and was stopped',
    );
    expect(await kept()).toEqual([{ n: 7 }]);
  });

  test('a question that takes all memory is ended, and says so', async () => {
    await expect(lake.answer(BOMB, LIMITS)).rejects.toMatchObject({
      name: 'QueryRejectedError',
      message: expect.stringContaining('more memory than 1,500 MB'),
    });
    expect(await kept()).toEqual([{ n: 7 }]);
  });

  test('a statement of the ledger that a question ended is run again', async () => {
    const slow = lake.run('main', [
      'insert into kept select count(*) from range(30000) as a cross join range(30000) as b',
      'select count(*) as n from kept',
    ]);
    await expect(lake.answer(ENDLESS_CALL, { ...LIMITS, timeoutMs: 100 })).rejects.toThrow('was stopped');
    expect(await slow).toEqual([{ n: '2' }]);
  });

  test('a large answer comes whole, in its order', async () => {
    const { rows } = await lake.answer("select n, repeat('x', 200) from range(50000) as t (n) order by n", LIMITS);
    expect(rows.map(([n]) => n)).toEqual(Array.from({ length: 50_000 }, (_, n) => n));
  });

  test('of statements between begin and commit all have run or none, and the next ones are not harmed', async () => {
    const before = await kept();
    await expect(
      lake.run('main', ['begin transaction', 'delete from kept', 'select nothing', 'commit']),
    ).rejects.toThrow('nothing');
    expect(await kept()).toEqual(before);
  });

  test('a file that cannot be opened is said, and no process is left', async () => {
    const root = mkdtempSync(join(tmpdir(), 'runledger-lake-'));
    writeFileSync(join(root, 'lake.duckdb'), 'no database, but long enough to be read as one'.repeat(1000));
    await expect(openLakeProcess({ path: join(root, 'lake.duckdb'), root, prelude })).rejects.toThrow(
      'not a valid DuckDB database file',
    );
    rmSync(root, { recursive: true, force: true });
  });
});
