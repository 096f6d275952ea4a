import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
check('Lint and formatting', bin('biome'), ['check', '--error-on-warnings', '.']);

const folder = mkdtempSync(join(tmpdir(), 'runledger-test-'));
const report = join(folder, 'report.json');
console.log('\nTests');
const { status } = spawnSync(
  process.execPath,
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed +=
    result.numFailedTests +
    result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
  totals.skipped += result.numPendingTests + result.numTodoTests;
}
if (status !== 0 && totals.failed === 0) totals.failed += 1;
rmSync(folder, { recursive: true, force: true });

console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`,
);
process.exit(totals.failed === 0 ? 0 : 1);
