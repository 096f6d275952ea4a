import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type Database, openDatabase } from '../../../adapters/duckdb/database.ts';
import { lakeOf } from '../../../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../../../adapters/duckdb/query-engine.ts';
import prelude from '../../../sql/duckdb-prelude.sql';
import { queryEngineContract } from '../../contracts/query-engine.contract.ts';

const root = mkdtempSync(join(tmpdir(), 'runledger-'));
let database: Database | undefined;
afterAll(() => {
  database?.close();
  rmSync(root, { recursive: true, force: true });
});

queryEngineContract('DuckDB', async () => {
  for (const folder of ['raw', 'rejected']) mkdirSync(join(root, folder));
  database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude });
  return openQueryEngine(lakeOf(database));
});
