import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { vitestSuite } from './vitest-suite.mjs';

/** Types, lint and formatting, then every test that needs only Node. The last line counts them all. */
const totals = { passed: 0, failed: 0, skipped: 0 };
const bin = (name) => join('node_modules', '.bin', name);

function check(title, command, args) {
  console.log(`\n${title}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) totals.passed += 1;
  else totals.failed += 1;
}

check('Types', bin('tsc'), []);
// The CDK's own props contradict exactOptionalPropertyTypes.
check('Types of the stack', bin('tsc'), ['-p', 'lib']);
check('Types of the page', bin('tsc'), ['-p', 'dashboard']);
check('Lint and formatting', bin('biome'), ['check', '--error-on-warnings', '.']);

console.log('\nTests');
const tests = await vitestSuite(...process.argv.slice(2));
totals.passed += tests.passed;
totals.failed += tests.failed;
totals.skipped += tests.skipped;

console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed === 0 ? 0 : 1);
