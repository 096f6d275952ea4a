import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Source } from '@runledger/client';
import type { InstalledPackage } from './find-packages.ts';
import { mapInParallel } from './map-in-parallel.ts';

/** How much of the disk a package takes, the packages installed inside of it not included. */
export interface Measure {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

export async function measureFiles(packages: readonly InstalledPackage[]): Promise<Measure[]> {
  return mapInParallel(packages, async ({ path, dir }) => ({ path, ...(await sizeOf(dir, true)) }));
}

async function sizeOf(dir: string, isPackage: boolean): Promise<{ files: number; bytes: number }> {
  const size = { files: 0, bytes: 0 };
  const entries = await readdir(dir, { withFileTypes: true });
  // One after the other: packages run in parallel, and the sum of both would open too many files.
  for (const entry of entries) {
    const path = join(dir, entry.name);
    if (entry.isFile()) {
      size.files += 1;
      size.bytes += (await lstat(path)).size;
    } else if (entry.isDirectory() && !(isPackage && entry.name === 'node_modules')) {
      const nested = await sizeOf(path, false);
      size.files += nested.files;
      size.bytes += nested.bytes;
    }
  }
  return size;
}

/** What was read, by the folder directly under `node_modules`: the package or scope. */
export function sourcesOf(measures: readonly Measure[]): readonly Source[] {
  const sources = new Map<string, { size_bytes: number; records: number }>();
  for (const { path, files, bytes } of measures) {
    const folder = path.split('/').slice(0, 2).join('/');
    const { size_bytes, records } = sources.get(folder) ?? { size_bytes: 0, records: 0 };
    sources.set(folder, { size_bytes: size_bytes + bytes, records: records + files });
  }
  return [...sources].map(([path, size]) => ({ type: 'directory', path, ...size }));
}
