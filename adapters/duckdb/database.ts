import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { FOLDERS } from '../../core/object-keys.ts';
import { DEFAULT_MEMORY_LIMIT_MB } from './process-limit.ts';
import { quoted } from './quoted.ts';

/** Which database, and what it may use. */
export interface DatabaseOptions {
  /** The database file, or `:memory:`. */
  readonly path: string;
  /** The folder that holds `raw/` and `rejected/`; nothing outside of it can be read. */
  readonly root: string;
  /** Statements that make what DuckDB lacks of Trino's names. */
  readonly prelude: string;
  /** DuckDB's own limit; the process needs up to 300 MB beside it under load. Default 500 MB. */
  readonly memoryLimitMb?: number | undefined;
}

/** An open DuckDB. */
export interface Database {
  /** As given to `openDatabase`. */
  readonly root: string;
  /** A new connection, in the ledger's database. */
  connect(): Promise<DuckDBConnection>;
  /** Gives the memory that statements have freed back to the system. */
  giveBack(): Promise<void>;
  /** Closes the instance, and with it every connection. */
  close(): void;
}

/**
 * DuckDB skips, compresses and merges whole row groups. Its own 122,880 rows are twelve days of a ledger that takes
 * 10,000 events a day, and a checkpoint would merge the rows of two statements into one group, compressing them twice.
 */
const ROW_GROUP_ROWS = 16_384;

/** The folders of lines. */
const READ = [
  FOLDERS.raw,
  FOLDERS.rejected,
  FOLDERS.access,
  FOLDERS.incidents,
  FOLDERS.slots,
  FOLDERS.recovery,
  FOLDERS.acts,
];

/**
 * With two, the thread that asked polls without a pause while the other one works, as it mostly does: half as much
 * processor again, of the cores that accept events. Statements at one time still run side by side, each in its own thread.
 */
const THREADS = 1;

/**
 * Opens DuckDB locked: it reads files below the ledger's own folder only, loads no extension, and no statement can
 * change that any more. The caller opens a file once: DuckDB would let this process open the same file twice.
 */
export async function openDatabase({
  path,
  root,
  prelude,
  memoryLimitMb = DEFAULT_MEMORY_LIMIT_MB,
}: DatabaseOptions): Promise<Database> {
  const spill = join(root, 'spill');
  mkdirSync(spill, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${memoryLimitMb}MB`,
    threads: String(THREADS),
    temp_directory: spill,
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    await connection.run('use lake');
    return connection;
  };
  const connection = await instance.connect();
  for (const statement of [
    "set global timezone = 'UTC'",
    'set global integer_division = true',
    `attach ${quoted(path)} as lake (row_group_size ${ROW_GROUP_ROWS}, storage_version 'latest')`,
    'use lake',
    `set global allowed_directories = [${[...READ.map((folder) => join(root, folder)), spill].map(quoted).join(', ')}]`,
    'set global enable_external_access = false',
    ...statementsOf(prelude),
    // What a question sets is refused before it runs: see `select-guard.ts`.
    "set global allowed_configs = ['streaming_buffer_size', 'memory_limit']",
    'set global lock_configuration = true',
  ]) {
    await connection.run(statement);
  }
  connection.closeSync();
  /**
   * The C library keeps what is freed in pieces, between those still in use, and the next statement's pieces come beside
   * them: the process would hold twice what DuckDB counts. Setting its limit makes DuckDB ask for all of it to be returned.
   */
  const giveBack = async (): Promise<void> => {
    const connection = await instance.connect();
    await connection.run(`set global memory_limit = '${memoryLimitMb}MB'`);
    connection.closeSync();
  };
  return { root, connect, giveBack, close: () => instance.closeSync() };
}

const statementsOf = (text: string): string[] =>
  text
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
