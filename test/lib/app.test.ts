import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findOldNode } from '../package/old-node.ts';

const { app } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly app: string };

test('the CDK runs one command that every shell reads alike', () => {
  expect(app).toMatch(/^node( [\w./-]+)+$/);
});

test('an older Node gets one line that says what is needed, not that it knows no .ts', (context) => {
  const old = findOldNode();
  context.skip(old === undefined, 'no Node older than 22.18 is installed on this machine');
  const { status, stderr } = spawnSync(old?.file ?? '', app.split(' ').slice(1), {
    cwd: process.cwd(),
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Runledger needs Node 22\.18 or newer, but this is \S+\. .*\n$/);
});

test('a checkout has the same lines on every system, so that the same tables are the same to a deployment', () => {
  expect(readFileSync('.gitattributes', 'utf8')).toMatch(/^\* text=auto eol=lf$/m);
});
