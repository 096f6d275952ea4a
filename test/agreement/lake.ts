import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Database, openDatabase } from '../../adapters/duckdb/database.ts';
import { type Lake, lakeOf } from '../../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../../adapters/duckdb/query-engine.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import prelude from '../../sql/duckdb-prelude.sql';

export interface TestLake {
  readonly root: string;
  readonly database: Database;
  readonly lake: Lake;
  readonly engine: QueryEngine;
  writeObject(object: string, lines: readonly string[]): void;
  close(): void;
}

/** A DuckDB lake in a folder of its own, with its tables made. */
export async function openTestLake(): Promise<TestLake> {
  const root = mkdtempSync(join(tmpdir(), 'runledger-lake-'));
  mkdirSync(join(root, 'raw'), { recursive: true });
  const database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude });
  const lake = lakeOf(database);
  const engine = await openQueryEngine(lake);
  await engine.migrate();
  return {
    root,
    database,
    lake,
    engine,
    writeObject: (object, lines) => {
      mkdirSync(dirname(join(root, object)), { recursive: true });
      writeFileSync(join(root, object), lines.map((line) => `${line}\n`).join(''));
    },
    close: () => {
      database.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
