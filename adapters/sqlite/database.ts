import { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../core/error-message.ts';

/** One kind of file of a ledger. */
export interface Schema {
  /** What the file is, as an error names it: `the live store`. */
  readonly title: string;
  /** Raised when a table changes in a way that `create … if not exists` cannot follow. Another version is refused. */
  readonly version: number;
  /** Statements that make what is missing. */
  readonly tables: string;
  /** What becomes of the contents when a person moves the file away, as a sentence. */
  readonly whenMoved: string;
}

/** Opens the file with the tables in place, in WAL mode, so that readers and the writer do not wait for each other. */
export function openDatabase(path: string, schema: Schema): DatabaseSync {
  const database = opened(path, schema);
  try {
    database.exec('pragma busy_timeout = 5000');
    refuseOtherVersion(database, schema.version);
    refuseDamaged(database);
    // A live run is 6 KB: on SQLite's own pages of 4 KB it would be two parts. A file that exists keeps its pages.
    database.exec('pragma page_size = 16384');
    database.exec('pragma journal_mode = wal');
    // In WAL mode NORMAL loses nothing when the process dies; a power cut can lose the last commits, never harm the file.
    database.exec('pragma synchronous = normal');
    database.exec('pragma cache_size = -16384');
    database.exec(`begin immediate; ${schema.tables} pragma user_version = ${schema.version}; commit`);
    // SQLite waits in the thread that asks, so nothing else goes on meanwhile: callers try again instead.
    database.exec('pragma busy_timeout = 500');
    return database;
  } catch (error) {
    database.close();
    throw unusable(path, schema, error);
  }
}

/** Closes the file. May be repeated. */
export function closeDatabase(database: DatabaseSync): void {
  // The last one to close writes the log back into the file; when the disk is full, the log stays and is read again.
  if (database.isOpen) database.close();
}

function opened(path: string, schema: Schema): DatabaseSync {
  try {
    return new DatabaseSync(path);
  } catch (error) {
    throw unusable(path, schema, error);
  }
}

function refuseOtherVersion(database: DatabaseSync, known: number): void {
  const version = Number(database.prepare('pragma user_version').get()?.user_version);
  // A new file is of version 0.
  if (version !== 0 && version !== known)
    throw new Error(`its tables are of version ${version}, this ledger knows ${known}`);
}

function refuseDamaged(database: DatabaseSync): void {
  const found = Object.values(database.prepare('pragma quick_check(1)').get() ?? {});
  if (found[0] !== 'ok') throw new DamagedStoreError(`it is damaged: ${found[0]}`);
}

/** The file is no store any more. */
export class DamagedStoreError extends Error {
  override readonly name = 'DamagedStoreError';
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** Whether SQLite says that its file is damaged, or no file of its own. */
export const isDamage = (error: unknown): boolean =>
  error instanceof DamagedStoreError ||
  (error instanceof Error &&
    'errcode' in error &&
    [SQLITE_CORRUPT, SQLITE_NOTADB].includes(Number(error.errcode) & 0xff));

function unusable(path: string, { title, whenMoved }: Schema, cause: unknown): Error {
  const came = errorMessage(cause);
  const Kind = isDamage(cause) ? DamagedStoreError : Error;
  return new Kind(
    `Expected ${path} to be ${title} of this ledger, or a new file in an existing folder; got: ${came}. ` +
      `Use the version that made it, or move the file away: ${whenMoved}.`,
    { cause },
  );
}
