import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, PRIVATE_FILE } from './durable.ts';
import { TEMPORARY_PREFIX } from './object-key.ts';

/** As much as a batch of events takes. */
const PROBE_BYTES = 256 * 1024;

/** Throws when a file cannot be written in the folder of the root. Leaves nothing behind. */
export function probe(root: string, folder: string): void {
  const file = join(root, folder, `${TEMPORARY_PREFIX}${randomUUID()}`);
  makeFolder(join(root, folder));
  try {
    writeFileSync(file, new Uint8Array(PROBE_BYTES), { mode: PRIVATE_FILE, flag: 'wx' });
  } finally {
    rmSync(file, { force: true });
  }
}
