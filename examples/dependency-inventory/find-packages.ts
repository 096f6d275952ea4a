import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { mapInParallel } from './map-in-parallel.ts';

/** One installed package. */
export interface InstalledPackage {
  /** Where it is, from the root, with slashes: `node_modules/a/node_modules/@b/c`. */
  readonly path: string;
  /** Where it is on this machine. */
  readonly dir: string;
}

/**
 * Finds every package under `node_modules`: scoped ones, those installed inside of others, and pnpm's store. Links are
 * not followed, so each package is found once, where it really is. Sorted by path.
 */
export async function findPackages(root: string): Promise<readonly InstalledPackage[]> {
  const entries = await entriesOf(join(root, 'node_modules'));
  if (entries === undefined) {
    const message = `Expected ${root} to have a folder node_modules, but it has none: install its packages, or give another --root`;
    throw Object.assign(new Error(message), { error_code: 'C301', retryable: false });
  }
  const dirs = await packagesIn(join(root, 'node_modules'), entries);
  return dirs.map((dir) => ({ dir, path: lineagePath(root, dir) })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A path as lineage names it: from the root, with slashes; what lies outside keeps its whole path. */
export function lineagePath(root: string, path: string): string {
  const inside = relative(root, path);
  return (inside.startsWith('..') || isAbsolute(inside) ? path : inside).split(sep).join('/');
}

async function packagesIn(nodeModules: string, entries: readonly Dirent[]): Promise<string[]> {
  const found = await mapInParallel(
    entries.filter((entry) => entry.isDirectory()),
    async ({ name }) => {
      const dir = join(nodeModules, name);
      if (name === '.pnpm') return storedIn(dir);
      if (name.startsWith('.')) return [];
      const inside = (await entriesOf(dir)) ?? [];
      return name.startsWith('@') ? packagesIn(dir, inside) : packageAt(dir, inside);
    },
  );
  return found.flat();
}

/** The package itself, if it is one, and what is installed inside of it. */
async function packageAt(dir: string, entries: readonly Dirent[]): Promise<string[]> {
  const itself = entries.some((entry) => entry.name === 'package.json' && entry.isFile()) ? [dir] : [];
  const nested = entries.some((entry) => entry.name === 'node_modules' && entry.isDirectory());
  const nodeModules = join(dir, 'node_modules');
  return nested ? [...itself, ...(await packagesIn(nodeModules, (await entriesOf(nodeModules)) ?? []))] : itself;
}

/** pnpm keeps each package in a folder of its own: `.pnpm/zod@4.1.0/node_modules/zod`, beside links to what it needs. */
async function storedIn(store: string): Promise<string[]> {
  const stored = ((await entriesOf(store)) ?? []).filter((entry) => entry.isDirectory());
  const found = await mapInParallel(stored, async ({ name }) => {
    const nodeModules = join(store, name, 'node_modules');
    return packagesIn(nodeModules, (await entriesOf(nodeModules)) ?? []);
  });
  return found.flat();
}

/** Undefined: there is no such folder. */
async function entriesOf(dir: string): Promise<Dirent[] | undefined> {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
