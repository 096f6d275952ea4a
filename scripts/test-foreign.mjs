import './node-version.mjs';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Foreign clients, unmodified, against a served ledger: boto3 and the AWS CLI from the Python registry. */
await import('./build.mjs');
const folder = mkdtempSync(join(tmpdir(), 'runledger-foreign-'));
const venv = process.env.RUNLEDGER_TEST_VENV ?? join(folder, 'venv');
const python = join(venv, 'bin', 'python');
const data = join(folder, 'ledger');
const ledger = join('dist', 'runledger.mjs');
const totals = { passed: 0, failed: 0 };

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr || stdout}`);
  return stdout;
}

function check(name, body) {
  try {
    body();
    totals.passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    totals.failed += 1;
    console.log(`FAIL ${name}\n     ${error.message}`);
  }
}

const expect = (found, wanted) => {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
};
const query = (sql) => JSON.parse(run(process.execPath, [ledger, 'query', sql, '--data', data, '--format', 'json']));

if (!existsSync(python)) {
  run('python3', ['-m', 'venv', venv]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'boto3==1.43.106', 'awscli==1.46.2']);
}
const server = spawn(process.execPath, [ledger, 'serve', '--port', '0', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const url = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
      if (found) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`the ledger ended with ${code}`)));
  });
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: 'any',
    AWS_SECRET_ACCESS_KEY: 'any',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  const event = (fields) =>
    JSON.stringify({ process_name: 'foreign', event_type: 'RUN_END', status: 'SUCCESS', ...fields });

  check('boto3 puts packed records that show up in `runledger query`', () => {
    const file = join(folder, 'events.ndjson');
    writeFileSync(file, Array.from({ length: 2000 }, (_, at) => `${event({ run_id: `boto3-${at}` })}\n`).join(''));
    run(python, [join('test', 'foreign', 'boto3_put.py'), url, file], { env });
    expect(query("select count(*) as runs from current_runs where run_id like 'boto3-%'"), [{ runs: 2000 }]);
  });
  check('the AWS CLI puts a record that shows up in `runledger query`', () => {
    // Version 1 of the CLI takes blobs as plain text and encodes them itself.
    const record = JSON.stringify({ Data: `${event({ run_id: 'aws-cli' })}\n` });
    run(
      python,
      [
        join(venv, 'bin', 'aws'),
        '--endpoint-url',
        url,
        'firehose',
        'put-record',
        '--delivery-stream-name',
        'runledger',
        '--record',
        record,
      ],
      { env },
    );
    expect(query("select status from current_runs where run_id = 'aws-cli'"), [{ status: 'SUCCESS' }]);
  });
  check('the AWS CLI describes the stream as active', () => {
    const answer = JSON.parse(
      run(
        python,
        [
          join(venv, 'bin', 'aws'),
          '--endpoint-url',
          url,
          'firehose',
          'describe-delivery-stream',
          '--delivery-stream-name',
          'runledger',
          '--output',
          'json',
        ],
        { env },
      ),
    );
    expect(answer.DeliveryStreamDescription.DeliveryStreamStatus, 'ACTIVE');
  });
} finally {
  server.removeAllListeners('exit');
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGTERM');
  await ended;
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
