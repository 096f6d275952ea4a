import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorMessage } from '../../core/error-message.ts';
import { readServing, removeServing } from './serving-file.ts';

/** Held until released, or until the process ends in whatever way. */
export interface FolderLock {
  /** Forgets where this ledger serves and lets another take the folder. Does nothing the second time. */
  release(): void;
}

/**
 * Takes the folder for this process alone, making it when it is missing. When another process has it, says who that is;
 * null when that one does not serve, or not yet.
 *
 * The lock is an exclusive transaction on `lock.sqlite`, so the operating system drops it when the process dies, even
 * by kill -9. Nothing else may open that file: closing any handle on it within this process would drop the lock.
 */
export function lockFolder(dir: string): FolderLock | { readonly heldBy: string | null } {
  mkdirSync(dir, { recursive: true });
  const database = new DatabaseSync(join(dir, 'lock.sqlite'));
  try {
    database.exec('pragma busy_timeout = 0; begin exclusive');
  } catch (error) {
    database.close();
    if (isBusy(error)) return { heldBy: holderOf(dir) };
    const came = errorMessage(error);
    throw new Error(
      `Expected to lock ${dir} through its file lock.sqlite, got: ${came}. Check that the folder can be written.`,
      { cause: error },
    );
  }
  held.add(database);
  // A holder that died left its address behind, where nothing or another program listens by now.
  removeServing(dir);
  return {
    release() {
      if (!held.delete(database)) return;
      removeServing(dir);
      database.close();
    },
  };
}

/** A database that nothing refers to would be closed by the garbage collector, and the lock with it. */
const held = new Set<DatabaseSync>();

function holderOf(dir: string): string | null {
  try {
    const serving = readServing(dir);
    return serving && `process ${serving.pid}, serving at ${serving.url}`;
  } catch {
    // That the folder is held is the answer; an unreadable file only hides by which process.
    return null;
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
