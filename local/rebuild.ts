import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openShadowTables } from '../adapters/duckdb/shadow-tables.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import type { RebuildOptions, RebuildReport } from '../core/rebuild-report.ts';
import { rebuild as rebuildTables } from '../flows/rebuild.ts';
import type { LocalPorts } from './ports.ts';
import { rawKeptFrom } from './retention.ts';

/** Rebuilds the tables from the raw lines, in shadow tables and with a live store in a file of their own. */
export async function rebuild(ports: LocalPorts, dir: string, options: RebuildOptions): Promise<RebuildReport> {
  await refuseDeleted(ports, options.day);
  const path = join(dir, 'rebuild.sqlite');
  removeStore(path);
  try {
    return await rebuildTables(
      { ...ports, openShadowTables: () => openShadowTables(ports.lake), openShadowLive: () => openLiveStore(path) },
      options,
    );
  } finally {
    removeStore(path);
  }
}

/** What is gone cannot be built from: the tables would lose it too. */
async function refuseDeleted({ store }: LocalPorts, day: string | undefined): Promise<void> {
  const keptFrom = await rawKeptFrom(store);
  if (keptFrom === '' || (day !== undefined && day >= keptFrom)) return;
  throw new Error(
    `the raw lines that arrived before ${keptFrom} were deleted (--keep-raw-days), so the tables cannot be built from them; nothing was changed: rebuild a day that is kept, with --day`,
  );
}

const removeStore = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};
