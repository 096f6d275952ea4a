import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commandLine } from '../../lib/command-line.ts';
import { pathOf } from '../../lib/function.ts';
import { findOldNode } from '../package/old-node.ts';

const { app } = JSON.parse(readFileSync(pathOf('cdk.json'), 'utf8')) as { readonly app: string };

test('the CDK runs one command that every shell reads alike', () => {
  expect(app).toMatch(/^node( [\w./-]+)+$/);
});

test('an older Node gets one line that says what is needed, not that it knows no .ts', (context) => {
  const old = findOldNode();
  context.skip(old === undefined, 'no Node older than 22.18 is installed on this machine');
  const { status, stderr } = spawnSync(old?.file ?? '', app.split(' ').slice(1), { cwd: pathOf(''), encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Runledger needs Node 22\.18 or newer, but this is \S+\. .*\n$/);
});

const WORDS = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\my ledger\\scripts\\ship-licenses.ts', 'C:\\temp\\out'];

test('a hook of the bundling keeps its words in cmd, which takes the outermost quotes of a line away', () => {
  const line = commandLine(WORDS, 'win32');
  const quotes = line.split('"').length - 1;
  const seen = line.startsWith('"') && quotes > 2 ? line.replace(/^"(.*)"$/, '$1') : line;
  expect([...seen.matchAll(/"([^"]*)"/g)].map(([, word]) => word)).toEqual(WORDS);
});

test.skipIf(process.platform === 'win32')('a hook of the bundling keeps its words in bash', () => {
  const words = ['a folder', 'it’s $HOME `pwd` "quoted"', "o'clock"];
  const line = commandLine([process.execPath, '-p', 'JSON.stringify(process.argv.slice(1))', '--', ...words], 'linux');
  expect(JSON.parse(spawnSync('bash', ['-c', line], { encoding: 'utf8' }).stdout)).toEqual(words);
});

test('a checkout has the same lines on every system, so that the same tables are the same to a deployment', () => {
  expect(readFileSync(pathOf('.gitattributes'), 'utf8')).toMatch(/^\* text=auto eol=lf$/m);
});
