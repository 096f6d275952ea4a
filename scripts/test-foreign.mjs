import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { LEDGER as ledger, makeVenv, run, serveLedger, startChecks } from './outside-checks.mjs';

/**
 * Foreign clients, unmodified, against a served ledger: curl, boto3 and both versions of the AWS CLI, and what the README
 * prints for each. RUNLEDGER_TEST_VENV names a folder that keeps the clients for the next time.
 */
await import('./build.mjs');
const folder = mkdtempSync(join(tmpdir(), 'runledger-foreign-'));
const venv = process.env.RUNLEDGER_TEST_VENV ?? join(folder, 'venv');
const python = join(venv, 'bin', 'python');
const data = join(folder, 'ledger');
const { check, end } = startChecks();

const expect = (found, wanted) => {
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
};
const query = (sql) => JSON.parse(run(process.execPath, [ledger, 'query', sql, '--data', data, '--format', 'json']));

if (!existsSync(python)) makeVenv(venv, ['boto3==1.43.106', 'awscli==1.46.2']);

/** The folder of version 2, which is in no Python registry; a package for functions brings it, for Linux on x64. */
function awsCli2() {
  const at = join(venv, 'aws-cli-2');
  const asset = '@aws-cdk/asset-awscli-v2';
  if (!existsSync(at)) {
    mkdirSync(join(folder, 'asset'));
    run('npm', ['install', '--silent', '--no-save', '--prefix', join(folder, 'asset'), `${asset}@2.0.186`]);
    run(python, ['-m', 'zipfile', '-e', join(folder, 'asset', 'node_modules', asset, 'lib', 'layer.zip'), at]);
  }
  const [version] = run('ls', [join(at, 'awscli', 'v2')]).split('\n');
  const bin = join(at, 'awscli', 'v2', version, 'dist');
  chmodSync(join(bin, 'aws'), 0o755);
  return bin;
}

/** The code that the README prints in blocks of that language. */
const printed = (language) =>
  [...readFileSync('README.md', 'utf8').matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code,
  );
const onlyOne = (codes, holds) => {
  const [code, second] = codes.filter((each) => each.includes(holds));
  if (code === undefined || second !== undefined) throw new Error(`expected one block of the README with ${holds}`);
  return code;
};

const { url, stop } = await serveLedger(data);
try {
  // As a machine without an account has it. The README's port is the default one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  const config = join(folder, 'aws.ini');
  writeFileSync(config, readFileSync('examples/aws.ini', 'utf8').replaceAll('http://127.0.0.1:4319', url));
  const here = (code) => code.replaceAll('http://127.0.0.1:4319', url).replaceAll('examples/aws.ini', config);
  const statusOf = (run_id) =>
    query(`select status from current_runs where run_id = '${run_id}'`).map(({ status }) => status);

  check('curl sends what the README prints', () => {
    const answers = run('sh', ['-ec', here(onlyOne(printed('sh'), 'curl'))], { env });
    expect(answers, '{"received":1,"accepted":1,"rejected":0}'.repeat(2));
    expect(statusOf('1'), ['SUCCESS']);
  });
  check('`curl -f` notices that nothing was accepted', () => {
    const { status } = spawnSync('curl', ['-fs', `${url}/events`, '-d', '{"process_name":"p"}']);
    expect(status, 22);
  });
  check('boto3 sends what the README prints', () => {
    run(python, ['-c', here(onlyOne(printed('python'), 'boto3'))], { env });
    expect(statusOf('3'), ['RUNNING']);
  });
  check('boto3 puts packed records that show up in `runledger query`', () => {
    const file = join(folder, 'events.ndjson');
    const lines = Array.from({ length: 2000 }, (_, at) =>
      JSON.stringify({ process_name: 'foreign', event_type: 'RUN_END', status: 'SUCCESS', run_id: `boto3-${at}` }),
    );
    writeFileSync(file, `${lines.join('\n')}\n`);
    run(python, [join('test', 'foreign', 'boto3_put.py'), url, file], { env });
    expect(query("select count(*) as runs from current_runs where run_id like 'boto3-%'"), [{ runs: 2000 }]);
  });
  const command = onlyOne(printed('sh'), 'aws firehose');
  const isLinux = process.platform === 'linux' && process.arch === 'x64';
  for (const [version, bin] of [['1', () => join(venv, 'bin')], ...(isLinux ? [['2', awsCli2]] : [])]) {
    const withCli = () => ({ ...env, PATH: `${bin()}${delimiter}${env.PATH}` });
    check(`the AWS CLI, version ${version}, sends what the README prints`, () => {
      const cli = withCli();
      expect(run('aws', ['--version'], { env: cli }).slice(0, 'aws-cli/x'.length), `aws-cli/${version}`);
      // Each version a run of its own.
      run('sh', ['-ec', here(command.replace('\\"2\\"', `\\"cli-${version}\\"`))], { env: cli });
      expect(statusOf(`cli-${version}`), ['RUNNING']);
    });
    check(`the AWS CLI, version ${version}, describes the stream as active`, () => {
      const describe = ['firehose', 'describe-delivery-stream', '--delivery-stream-name', 'runledger'];
      const answer = run('aws', [...describe, '--output', 'json'], { env: { ...withCli(), AWS_CONFIG_FILE: config } });
      expect(JSON.parse(answer).DeliveryStreamDescription.DeliveryStreamStatus, 'ACTIVE');
    });
  }
  if (!isLinux) console.log('     version 2 of the AWS CLI is tried on Linux on x64 only');
} finally {
  await stop();
  rmSync(folder, { recursive: true, force: true });
}
end();
