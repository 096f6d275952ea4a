import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * Runs vitest with these arguments, after those every suite has, and counts its tests. A file that could not run, and a
 * suite that ended badly without a failed test, count as failed. Signals are passed on: the suite ends what it started.
 */
export async function vitestSuite(...args) {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-test-'));
  const report = join(folder, 'report.json');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const suite = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the whole group; a supervisor only to this process.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => suite.kill(signal));
  const status = await new Promise((resolve) => suite.on('exit', resolve));

  const totals = { passed: 0, failed: 0, skipped: 0 };
  if (existsSync(report)) {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed = result.numPassedTests;
    totals.failed =
      result.numFailedTests +
      result.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    totals.skipped = result.numPendingTests + result.numTodoTests;
    for (const line of result.testResults.flatMap(failuresOf)) console.log(line);
  }
  if (status !== 0 && totals.failed === 0) {
    console.log(`failed: vitest ended with ${status}, though no test failed; it says why above`);
    totals.failed = 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return totals;
}

/** A line for each failed test of a file, or one for a file that could not run. */
function failuresOf({ name, status, message, assertionResults }) {
  if (status !== 'failed') return [];
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((each) => each.status === 'failed');
  if (failed.length === 0) return [`failed: ${file}: ${startOf(message)}`];
  return failed.map(({ fullName, failureMessages }) => `failed: ${file}: ${fullName}: ${startOf(failureMessages[0])}`);
}

/** Without colours, stack trace and line ends. */
const startOf = (text = '') =>
  stripVTControlCharacters(text)
    .replace(/\n\s+at [\s\S]*$/, '')
    .replaceAll(/\s*\n\s*/g, ' / ')
    .slice(0, 600) || 'it could not run to its end; vitest says why above';

/** Runs the suite of a configuration as a program: its count is the last line, and says the exit code. */
export async function runSuite(config) {
  const { passed, failed } = await vitestSuite('--config', config, ...process.argv.slice(2));
  console.log(`${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
