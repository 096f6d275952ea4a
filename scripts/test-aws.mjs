import './node-version.mjs';
import { join } from 'node:path';
import { runSuite } from './vitest-suite.mjs';

/** The stack, deployed to an emulated AWS with Trino as its query engine. `npm run test:aws [FILE…]`. */
const { missing } = await import('../test/aws/requirements.ts');
const lacking = missing();
if (lacking.length > 0) {
  for (const each of lacking) console.error(each);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

await runSuite(join('test', 'aws', 'vitest.config.ts'));
