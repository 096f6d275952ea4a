import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeVenv, pip, run, serveLedger, startChecks } from './outside-checks.mjs';

/**
 * The Python client: types, its tests (those against a served ledger too), and that wheel and source install into a fresh
 * environment. RUNLEDGER_TEST_PYTHON is the interpreter; RUNLEDGER_TEST_PYTHON_VENV names a folder that keeps the tools
 * for the next time.
 */
await import('./build.mjs');
const TOOLS = [
  'boto3==1.44.8',
  'build==1.6.1',
  'hatchling==1.33.0',
  'mypy==2.4.1',
  'pytest==9.2.0',
  'requests==2.34.2',
  'pandas==2.3.3',
  'psycopg[binary]==3.3.9',
  'trustme==1.2.1',
  'ipython==8.37.0',
];
const client = resolve('clients', 'python');
const folder = mkdtempSync(join(tmpdir(), 'runledger-python-'));
const venv = process.env.RUNLEDGER_TEST_PYTHON_VENV ?? join(folder, 'venv');
const python = join(venv, 'bin', 'python');
const { check, totals, end } = startChecks();
const interpreter = process.env.RUNLEDGER_TEST_PYTHON;

if (!existsSync(python)) makeVenv(venv, TOOLS, interpreter);

async function suite() {
  const { url, stop } = await serveLedger(join(folder, 'ledger'));
  try {
    const { stdout, stderr } = spawnSync(python, ['-m', 'pytest', '-q', '--no-header', '-p', 'no:cacheprovider'], {
      cwd: client,
      encoding: 'utf8',
      env: { ...process.env, RUNLEDGER_TEST_URL: url, PYTHONDONTWRITEBYTECODE: '1' },
    });
    console.log(stdout + stderr);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
    totals.passed += count('passed');
    // A suite that ends without a count did not run; a test that was skipped proves nothing.
    totals.failed += count('failed') + count('error') + count('skipped') + (count('passed') === 0 ? 1 : 0);
  } finally {
    await stop();
  }
}

const SMOKE = `
import importlib.metadata, pathlib, runledger
assert pathlib.Path(runledger.__file__).with_name("py.typed").exists()
assert importlib.metadata.version("runledger") == runledger.__version__
assert not [each for each in importlib.metadata.requires("runledger") if "extra ==" not in each]
transport = runledger.RecordingTransport()
runledger.configure(transports=[transport])
with runledger.run("orders"), runledger.step("load"): pass
runledger.flush()
assert transport.in_short()[-1] == "RUN_END SUCCESS"
`;

try {
  check('its types hold, strictly', () =>
    run(python, ['-m', 'mypy', '--cache-dir', join(folder, 'mypy')], { cwd: client }),
  );
  await suite();
  const built = join(folder, 'built');
  check('a wheel and a source package are built', () =>
    run(python, ['-m', 'build', '--no-isolation', '--outdir', built, client]),
  );
  for (const ending of ['.whl', '.tar.gz']) {
    check(`what ends with ${ending} installs and works where nothing else is`, () => {
      const fresh = join(folder, `fresh${ending}`);
      makeVenv(fresh, [], interpreter);
      const file = readdirSync(built).find((name) => name.endsWith(ending));
      if (file === undefined) throw new Error(`expected a file that ends with ${ending} in ${built}`);
      pip(fresh, join(built, file));
      run(join(fresh, 'bin', 'python'), ['-W', 'error', '-c', SMOKE], { cwd: folder });
      // What pipx and uvx run.
      run(join(fresh, 'bin', 'runledger'), ['--help'], { cwd: folder });
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
end();
