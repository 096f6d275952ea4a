import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

/** A Node of this machine that is older than `engines` allows; undefined where there is none. */
export function findOldNode(): { readonly file: string; readonly version: string } | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  for (const folder of folders.filter((path) => !path.includes('node_modules'))) {
    const file = join(folder, 'node');
    const version = spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1);
    const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
    if (version && (major < 22 || (major === 22 && minor < 18))) return { file, version };
  }
  return undefined;
}
