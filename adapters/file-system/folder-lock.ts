import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';

/** Where the ledger that holds the folder can be reached. */
const servingSchema = z.object({ url: z.url(), pid: z.int().positive(), token: z.string().min(1).optional() });
export type Serving = z.infer<typeof servingSchema>;

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
    const came = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Expected to lock ${dir} through its file lock.sqlite, came: ${came}. Check that the folder can be written.`,
      { cause: error },
    );
  }
  held.add(database);
  // Left by a holder that died: who looks here must not be sent to where nobody, or somebody else, listens.
  forgetServing(dir);
  return {
    release() {
      if (!held.delete(database)) return;
      forgetServing(dir);
      database.close();
    },
  };
}

/** A database that nothing refers to would be closed by the garbage collector, and the lock with it. */
const held = new Set<DatabaseSync>();

/** Says where the holder of the folder serves; only the user may read it. */
export function writeServing(dir: string, serving: Serving): void {
  const temporary = join(dir, `.tmp-${randomUUID()}`);
  writeFileSync(temporary, `${JSON.stringify(servingSchema.parse(serving))}\n`, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, servingFile(dir));
}

/** Null when no ledger serves from the folder. Throws when the file says something else. */
export function readServing(dir: string): Serving | null {
  const file = servingFile(dir);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return servingSchema.parse(JSON.parse(text));
  } catch (error) {
    const came = error instanceof z.ZodError ? z.prettifyError(error) : 'no JSON';
    throw new Error(
      `Expected ${file} to say where the ledger serves, as {"url", "pid", "token"}, came: ${came}. ` +
        'Stop the ledger, remove the file, and start it again.',
      { cause: error },
    );
  }
}

const servingFile = (dir: string): string => join(dir, 'serving.json');

const forgetServing = (dir: string): void => rmSync(servingFile(dir), { force: true });

function holderOf(dir: string): string | null {
  try {
    const serving = readServing(dir);
    return serving && `process ${serving.pid}, serving at ${serving.url}`;
  } catch {
    // That the folder is held is the answer; an unreadable file only means that nobody knows by whom.
    return null;
  }
}

const SQLITE_BUSY = 5;
const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
