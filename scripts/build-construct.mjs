import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import './build-functions.mjs';

/** What `npm pack` in lib/ publishes: the bundled functions, and the constructs as JavaScript with their types. */
const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', join(root, 'lib', 'tsconfig.build.json')];
process.exit(spawnSync(process.execPath, tsc, { stdio: 'inherit' }).status ?? 1);
