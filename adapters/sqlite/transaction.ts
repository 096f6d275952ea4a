import type { DatabaseSync } from 'node:sqlite';
import { isDamage } from './schema.ts';

/** Does the work wholly or not at all. Throws what the work throws; an error of SQLite is explained. */
export function inTransaction<Result>(database: DatabaseSync, work: () => Result): Result {
  try {
    // The write lock is taken before the first read: what is read cannot have changed when it is written back.
    database.exec('begin immediate');
  } catch (error) {
    throw explained(error);
  }
  try {
    const result = work();
    database.exec('commit');
    return result;
  } catch (error) {
    rollBack(database);
    throw explained(error);
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

function explained(error: unknown): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error;
  const code = error.errcode & 0xff;
  const advice = isDamage(error)
    ? 'Its file is damaged: start the ledger again; what is damaged is then moved away, and runs are built again from the raw lines.'
    : code === SQLITE_FULL
      ? 'Free space on its disk, then try again.'
      : code === SQLITE_BUSY
        ? 'Another process keeps it locked: end that one, then try again.'
        : 'Check that its file can be written, then try again.';
  return new Error(
    `Expected the live store to take a change, got: ${error.message}. Nothing of it was kept. ${advice}`,
    {
      cause: error,
    },
  );
}
