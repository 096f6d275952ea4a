import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock.ts';
import { openAlertStore } from '../adapters/sqlite/alert-store.ts';
import { DamagedStoreError } from '../adapters/sqlite/database.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { errorMessage } from '../core/error-message.ts';
import { retracked } from '../core/objects/object-change.ts';
import type { LiveStore } from '../core/ports/live-store.ts';

/** They are built again from the raw lines, so a damaged one is moved away rather than mourned. */
type Notice = (text: string) => void;

/** Opens the live store. One that is damaged is moved away, and an empty one opened: its runs come from the raw lines. */
export const openSoundLive = (path: string, onNotice: Notice): ReturnType<typeof openLiveStore> =>
  openSound(
    path,
    (file) => openLiveStore(file, systemClock),
    'the live runs are built again from the raw lines',
    onNotice,
  );

/** Opens the incidents and watches. Of a damaged file, what people decided is in the log of incidents. */
export const openSoundAlerts = (path: string, onNotice: Notice): ReturnType<typeof openAlertStore> =>
  openSound(path, openAlertStore, 'what was found and decided comes back from the log of incidents', onNotice);

function openSound<Store>(path: string, open: (path: string) => Store, consequence: string, onNotice: Notice): Store {
  try {
    return open(path);
  } catch (error) {
    if (!(error instanceof DamagedStoreError)) throw error;
    const moved = moveAway(path, ['-wal', '-shm']);
    onNotice(`${errorMessage(error)} It was moved to ${moved}; ${consequence}.`);
    return open(path);
  }
}

/** Opens the tables. A file that is damaged is moved away, and an empty one opened: see `takeAgain`. */
export async function openSoundLake<Lake>(
  { path, root }: { readonly path: string; readonly root: string },
  open: () => Promise<Lake>,
  onNotice: Notice,
): Promise<Lake> {
  const move = (why: string): void => {
    onNotice(`the tables in ${path} are damaged (${why}); they were moved to ${moveAway(path, ['.wal'])}`);
    rmSync(markOf(root), { force: true });
  };
  if (existsSync(markOf(root)) && existsSync(path)) move('it was found while they were read');
  try {
    return await open();
  } catch (error) {
    if (!isLakeDamage(error)) throw error;
    move(errorMessage(error));
    return open();
  }
}

/** What a migration says it did when the tables lack what they derive from the lines. */
const LACKING: ReadonlySet<string> = new Set([
  'created table pipeline_logs',
  'added column pipeline_run_state.output_targets',
]);

/** When the tables were made anew, or know more of each run, and objects bear the marks of older ones, takes those again. */
export async function takeAgain(done: readonly string[], live: LiveStore, onNotice: Notice): Promise<void> {
  if (!done.some((each) => LACKING.has(each))) return;
  const taken = [...(await live.objectsAt('compacted', {})), ...(await live.objectsAt('summarized', {}))];
  if (taken.length === 0) return;
  await live.changeObjects(
    taken.map(({ object }) => object),
    retracked,
  );
  const why = done.includes('created table pipeline_logs') ? 'were missing' : 'know more of each run now';
  onNotice(`the tables ${why}: they are built again from ${taken.length} raw files; queries wait for it`);
}

/** What DuckDB says when it reads a block that is not what it wrote. */
const DAMAGE = /not a valid DuckDB database file|Could not read enough bytes from file|Corrupt database file/;

export const isLakeDamage = (error: unknown): boolean => DAMAGE.test(errorMessage(error));

/** DuckDB admits one process to a file. */
export const isLakeInUse = (error: unknown): boolean => /Could not set lock on file/.test(errorMessage(error));

/** Damage that was found while the tables were read: the next start moves them away. */
export function noteLakeDamage(root: string): string {
  writeFileSync(markOf(root), '');
  return 'the tables are damaged: start the ledger again, and they are built again from the raw lines';
}

const markOf = (root: string): string => join(root, 'lake.damaged');

function moveAway(path: string, suffixes: readonly string[]): string {
  let moved = `${path}.damaged`;
  for (let copy = 2; existsSync(moved); copy++) moved = `${path}.damaged-${copy}`;
  for (const suffix of ['', ...suffixes]) {
    if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${moved}${suffix}`);
  }
  return moved;
}
