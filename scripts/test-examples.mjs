import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { makeVenv, pip, run, serveLedger, startChecks } from './outside-checks.mjs';

/**
 * The examples, each really run: under Spark, Airflow, Dagster, Prefect, dbt, cron and a shell, against a served ledger;
 * and their types. What they need is installed once, from PyPI and npm, into ~/.cache/runledger-test
 * (RUNLEDGER_TEST_CACHE). RUNLEDGER_TEST_PYTHON is the interpreter; arguments are passed on to pytest.
 */
const { installed } = await import('../test/aws/cache.ts');
const { missing } = await import('../test/examples/requirements.ts');
const interpreter = process.env.RUNLEDGER_TEST_PYTHON ?? 'python3';
const lacking = missing(interpreter);
if (lacking.length > 0) {
  for (const each of lacking) console.error(each);
  console.log('0 passed, 1 failed');
  process.exit(1);
}
await import('./build.mjs');

const tests = resolve('test', 'examples');
const folder = mkdtempSync(join(tmpdir(), 'runledger-examples-'));
const { check, totals, end } = startChecks();
const version = run(interpreter, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).trim();
const keyOf = (text) => createHash('sha256').update(text).digest('hex').slice(0, 8);
const bin = (venv, name) => join(venv, 'bin', name);

/** The installer: pip takes minutes for what uv takes seconds for. */
const UV = 'uv==0.13.9';
const uv = bin(
  installed(`uv-${UV.slice(4)}-py${version}`, (at) => {
    makeVenv(at, [UV], interpreter);
  }),
  'uv',
);
const uvPip = (...args) =>
  run(uv, ['pip', ...args, '--quiet'], {
    // Behind a proxy with a certificate of its own, the machine knows it and uv's own list does not.
    env: { ...process.env, UV_PYTHON_DOWNLOADS: 'never', UV_NATIVE_TLS: 'true' },
  });

/** An environment with exactly what a file of requirements lists. */
function environment(name) {
  const file = join(tests, 'requirements', `${name}.txt`);
  return installed(`examples-${name}-py${version}-${keyOf(readFileSync(file, 'utf8'))}`, (at) => {
    makeVenv(at, [], interpreter);
    try {
      uvPip('sync', '--python', bin(at, 'python'), file);
    } catch (error) {
      // Settings of an index that only pip reads keep uv from it.
      console.log(`${error.message}\npip installs it instead, which takes minutes`);
      pip(at, '--no-deps', '-r', file);
    }
  });
}

/** The client as a wheel, so that Airflow and pytest find their plugins. */
function client() {
  const at = join(folder, 'client');
  uvPip(
    'install',
    '--python',
    bin(environment('jobs'), 'python'),
    '--no-deps',
    '--target',
    at,
    resolve('clients', 'python'),
  );
  return at;
}

const stubs = () =>
  installed('awsglue-stubs-0.0.1', (at) => {
    uvPip(
      'install',
      '--python',
      bin(environment('jobs'), 'python'),
      '--no-deps',
      '--target',
      at,
      'awsglue-stubs==0.0.1',
    );
  });

/** Validates state machines; only here, because it brings more packages than the whole of the rest. */
const ASL = 'asl-validator@4.0.0';
const aslValidator = () => {
  const at = installed(ASL.replace('@', '-'), (at) => {
    run('npm', ['install', '--silent', '--no-save', '--prefix', at, ASL]);
  });
  return join(at, 'node_modules', '.bin', 'asl-validator');
};

function pytest(name, url, path) {
  const python = bin(environment(name), 'python');
  const args = ['-m', 'pytest', '-q', '--no-header', '-p', 'no:cacheprovider', '--durations=3', `--rootdir=${tests}`];
  const { stdout, stderr } = spawnSync(python, [...args, join(tests, name), ...process.argv.slice(2)], {
    encoding: 'utf8',
    env: {
      ...process.env,
      PYTHONPATH: [path, tests].join(delimiter),
      PYTHONDONTWRITEBYTECODE: '1',
      RUNLEDGER_TEST_URL: url,
      RUNLEDGER_TEST_NODE: process.execPath,
    },
  });
  console.log(`${stdout}${stderr}`.trimEnd());
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(last)?.[1] ?? 0);
  totals.passed += count('passed');
  // A suite that ends without a count did not run; a test that was skipped proves nothing.
  totals.failed += count('failed') + count('error') + count('skipped') + (count('passed') === 0 ? 1 : 0);
}

const sources = (...folders) =>
  folders.flatMap((each) =>
    readdirSync(each, { recursive: true })
      .filter((name) => name.endsWith('.py'))
      .map((name) => join(each, name)),
  );

/** One mypy looks into every environment: not all can have it. */
function mypy(name, files, path) {
  const options = ['--config-file', join(tests, 'mypy.ini'), '--cache-dir', join(environment(name), '.mypy_cache')];
  const packages = ['--python-executable', bin(environment(name), 'python')];
  run(bin(environment('jobs'), 'python'), ['-m', 'mypy', ...options, ...packages, ...files], {
    env: { ...process.env, MYPYPATH: [path, tests].join(delimiter) },
  });
}

try {
  const { url, stop } = await serveLedger(join(folder, 'ledger'));
  try {
    const path = client();
    const airflow = sources('examples/airflow', 'test/examples/airflow');
    const dbt = sources('examples/dbt', 'test/examples/dbt');
    const jobs = sources('examples', 'test/examples').filter((file) => ![...airflow, ...dbt].includes(file));
    if (process.argv.length === 2) {
      check('the types of the examples hold, strictly', () => mypy('jobs', jobs, [stubs(), path].join(delimiter)));
      check('the types of the DAGs hold, strictly', () => mypy('airflow', airflow, path));
      check('the types of the example for dbt hold, strictly', () => mypy('dbt', dbt, path));
      check('the types of the client hold where Spark is, and where Airflow is', () => {
        mypy('jobs', sources('clients/python/src/runledger/spark'), resolve('clients', 'python', 'src'));
        mypy('airflow', sources('clients/python/src/runledger/airflow'), resolve('clients', 'python', 'src'));
      });
      check('the state machine is one', () =>
        run(process.execPath, [aslValidator(), '--json-path', 'examples/step-functions/state_machine.json']),
      );
    }
    pytest('jobs', url, path);
    pytest('airflow', url, path);
    pytest('dbt', url, path);
  } finally {
    await stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
end();
