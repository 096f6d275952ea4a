import './node-version.mjs';
import { join } from 'node:path';
import { runSuite } from './vitest-suite.mjs';

/** Attacks on a served ledger, bounded to minutes. `npm run test:attack [FILE…]`. */
await runSuite(join('test', 'attack', 'vitest.config.ts'));
