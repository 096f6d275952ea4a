import './node-version.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Attacks on a served ledger, bounded to minutes. `npm run test:attack [FILE…]`. */
const folder = mkdtempSync(join(tmpdir(), 'runledger-test-attack-'));
const report = join(folder, 'report.json');
const suite = spawn(
  process.execPath,
  [
    join('node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--config',
    join('test', 'attack', 'vitest.config.ts'),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
// A terminal sends Ctrl-C to the whole group; a supervisor only to this process.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => suite.kill(signal));
const status = await new Promise((resolve) => suite.on('exit', resolve));

const totals = { passed: 0, failed: 0 };
if (existsSync(report)) {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  totals.passed = result.numPassedTests;
  totals.failed =
    result.numFailedTests +
    result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
}
if (status !== 0 && totals.failed === 0) totals.failed = 1;
rmSync(folder, { recursive: true, force: true });
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
