import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import prelude from '../../sql/duckdb-prelude.sql';

export interface DatabaseOptions {
  /** The database file, or `:memory:`. */
  readonly path: string;
  /** The folder that holds `raw/` and `rejected/`; nothing outside of it can be read. */
  readonly root: string;
  /** DuckDB's own limit; the process needs up to 800 MB beside it under load. Default 500 MB. */
  readonly memoryLimitMb?: number | undefined;
  readonly threads?: number | undefined;
}

export interface Database {
  readonly root: string;
  connect(): Promise<DuckDBConnection>;
  close(): void;
}

/**
 * Opens DuckDB locked: it reads files below the ledger's own folder only, loads no extension, and no statement can
 * change that any more. One owner holds the handle: a second instance on the same file in this process would open.
 */
export async function openDatabase({
  path,
  root,
  memoryLimitMb = 500,
  threads = 2,
}: DatabaseOptions): Promise<Database> {
  const spill = join(root, 'spill');
  mkdirSync(spill, { recursive: true });
  const instance = await DuckDBInstance.create(path, {
    memory_limit: `${memoryLimitMb}MB`,
    threads: String(threads),
    temp_directory: spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  for (const statement of [
    "set global timezone = 'UTC'",
    // Freed memory goes back to the system soon: kept, it makes the process half as large again.
    "set global allocator_flush_threshold = '16MB'",
    'set global allocator_background_threads = true',
    "set global allocator_bulk_deallocation_flush_threshold = '32MB'",
    // Checkpoints compress: a few larger ones cost less than many while a backlog is taken in, but hold more memory.
    "set global checkpoint_threshold = '256MB'",
    'set global integer_division = true',
    `set global allowed_directories = [${[join(root, 'raw'), join(root, 'rejected'), spill].map(quoted).join(', ')}]`,
    'set global enable_external_access = false',
    ...statementsOf(prelude),
    'set global lock_configuration = true',
  ]) {
    await connection.run(statement);
  }
  connection.closeSync();
  return { root, connect: () => instance.connect(), close: () => instance.closeSync() };
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const statementsOf = (text: string): string[] =>
  text
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
