import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run test:mutation [-- FILE|FOLDER…]`: changes the rules of core/ and flows/ one by one and prints the changes that
 * no unit test notices, and the score. A room takes minutes on two cores, everything most of a night.
 */
const wanted = process.argv.slice(2);
const missing = wanted.filter((path) => !existsSync(path));
if (missing.length > 0) {
  console.error(`expected files or folders of core/ and flows/; there is no ${missing.join(', ')}`);
  process.exit(2);
}
const patterns = wanted.map((path) => (statSync(path).isDirectory() ? join(path, '**/*.ts') : path));
const { status } = spawnSync(
  join('node_modules', '.bin', 'stryker'),
  ['run', ...(patterns.length > 0 ? ['--mutate', patterns.join(',')] : [])],
  { stdio: 'inherit' },
);
process.exit(status ?? 1);
