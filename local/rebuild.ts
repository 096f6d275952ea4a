import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { openBeside } from '../adapters/duckdb/beside.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { type RebuildOptions, type RebuildReport, rebuild as rebuildTables } from '../core/flows/rebuild.ts';
import type { LocalPorts } from './ports.ts';

/** Builds the tables again from the raw lines: in a schema beside, with marks in a file beside. */
export async function rebuild(ports: LocalPorts, dir: string, options: RebuildOptions): Promise<RebuildReport> {
  const path = join(dir, 'rebuild.sqlite');
  removeStore(path);
  try {
    return await rebuildTables(
      { ...ports, openBeside: () => openBeside(ports.database), openLiveBeside: () => openLiveStore(path) },
      options,
    );
  } finally {
    removeStore(path);
  }
}

const removeStore = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};
