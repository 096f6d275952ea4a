import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPackage } from './find-packages.ts';

/** Copies the first manifest and leaves out its end, as a full disk or a killed installer would. */
export async function damagedCopyOf(
  packages: readonly InstalledPackage[],
  out: string,
): Promise<{ readonly path: string; readonly manifest: string } | undefined> {
  const [first] = packages;
  if (!first) return undefined;
  const content = await readFile(join(first.dir, 'package.json'));
  const manifest = join(out, 'damaged-package.json');
  await mkdir(out, { recursive: true });
  await writeFile(manifest, content.subarray(0, Math.floor(content.length / 2)));
  return { path: first.path, manifest };
}
