import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openShadowTables } from '../adapters/duckdb/shadow-tables.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import type { RebuildOptions, RebuildReport } from '../core/rebuild-report.ts';
import { rebuild as rebuildTables } from '../flows/rebuild.ts';
import type { LocalPorts } from './ports.ts';

/** Rebuilds the tables from the raw lines, in shadow tables and with a live store in a file of their own. */
export async function rebuild(ports: LocalPorts, dir: string, options: RebuildOptions): Promise<RebuildReport> {
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

const removeStore = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};
