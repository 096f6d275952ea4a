import { basename } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { isDamage } from './database.ts';

/** Does the work wholly or not at all. Throws what the work throws; an error of SQLite is explained. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  try {
    // The write lock is taken before the first read: what is read cannot have changed when it is written back.
    database.exec('begin immediate');
  } catch (error) {
    throw explained(database, error);
  }
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    rollBack(database);
    throw explained(database, error);
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('rollback');
  } catch {
    // A full disk makes SQLite roll back by itself; then there is nothing left to roll back, and the first error counts.
  }
}

const SQLITE_BUSY = 5;
const SQLITE_FULL = 13;

function explained(database: DatabaseSync, error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const code = error.errcode & 0xff;
  const advice = isDamage(error)
    ? 'The file is damaged: start the ledger again; it is then moved away, and what the raw lines tell is built again.'
    : code === SQLITE_FULL
      ? 'Free space on its disk, then try again.'
      : code === SQLITE_BUSY
        ? 'Another process keeps it locked: end that one, then try again.'
        : 'Check that its file can be written, then try again.';
  return new Error(
    `Expected ${basename(database.location() ?? 'memory')} to take a change, got: ${error.message}. Nothing of it was kept. ${advice}`,
    { cause: error },
  );
}
