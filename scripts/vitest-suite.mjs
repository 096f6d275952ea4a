import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * Runs vitest with these arguments, after those every suite has, and counts its tests. A file that could not run, and a
 * suite that ended badly without a failed test, count as failed. Signals are passed on: the suite ends what it started.
 *
 * A native library may take the worker of a file along, which then has no results: such a file runs once more. One that
 * crashes again has failed.
 */
export async function vitestSuite(...args) {
  const { crashed, ...totals } = await runOnce(args);
  if (crashed.length === 0) return totals;
  for (const file of crashed) console.log(`again: ${file}, whose worker crashed`);
  const config = args.indexOf('--config');
  const options = config < 0 ? [] : args.slice(config, config + 2);
  const again = await runOnce([...options, ...crashed]);
  return {
    passed: totals.passed + again.passed,
    failed: totals.failed + again.failed + again.crashed.length,
    skipped: totals.skipped + again.skipped,
  };
}

async function runOnce(args) {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-test-'));
  const report = join(folder, 'report.json');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const suite = spawn(process.execPath, [vitest, 'run', ...reporters, ...args], { stdio: 'inherit' });
  // A terminal sends Ctrl-C to the whole group; a supervisor only to this process.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => suite.kill(signal));
  const status = await new Promise((resolve) => suite.on('exit', resolve));

  const totals = { passed: 0, failed: 0, skipped: 0, crashed: [] };
  if (existsSync(report)) {
    const { testResults, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8'));
    const crashed = testResults.filter(hasCrashed);
    const others = testResults.filter((file) => !hasCrashed(file));
    totals.crashed = crashed.map(({ name }) => relative(process.cwd(), name));
    totals.passed = others.flatMap(({ assertionResults }) => assertionResults).filter(hasPassed).length;
    totals.failed = numFailedTests + others.filter(couldNotRun).length;
    totals.skipped = numPendingTests + numTodoTests;
    for (const line of testResults.flatMap(failuresOf)) console.log(line);
  }
  if (status !== 0 && totals.failed === 0 && totals.crashed.length === 0) {
    console.log(`failed: vitest ended with ${status}, though no test failed; it says why above`);
    totals.failed = 1;
  }
  rmSync(folder, { recursive: true, force: true });
  return totals;
}

const hasPassed = ({ status }) => status === 'passed';
const couldNotRun = ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0;

/** A file that cannot be loaded has a message; one whose worker is gone has neither that nor a failed test. */
const hasCrashed = ({ status, message, assertionResults }) =>
  status === 'failed' && !message && !assertionResults.some((each) => each.status === 'failed');

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
