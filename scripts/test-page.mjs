import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runSuite } from './vitest-suite.mjs';

/**
 * The page in a real browser, over a served ledger. `npm run test:page [FILE…]`. CHROMIUM names the browser; without one a
 * root user on Debian gets its package. RUNLEDGER_SCREENSHOTS names the folder of the pictures.
 */
const chromium = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(chromium)) {
  if (process.getuid?.() !== 0) {
    console.error(`expected a browser at ${chromium}, found none; install chromium, or name one in CHROMIUM`);
    process.exit(1);
  }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
process.env.CHROMIUM = chromium;
await runSuite(join('test', 'page', 'vitest.config.ts'));
