import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PackageBench, type Packed, run } from './a-package.ts';

/** What a user of the construct gets: packed from a clean clone, installed into an empty CDK app, and synthesised there. */
const SLOW_MS = 300_000;
const NO_REGISTRY = /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ENOTCACHED|ENETUNREACH/;
const bench = new PackageBench();
let construct: Packed;
let noRegistry: string | undefined;

const APP = `
import { Ledger } from '@runledger/cdk';
import { App, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

const app = new App({ outdir: 'cdk.out' });
const stack = new Stack(app, 'data-platform');
const ledger: Ledger = new Ledger(stack, 'Ledger', { environment: 'prod', alertEmails: ['data@example.com'] });
ledger.grantPut(new Role(stack, 'GlueJobs', { assumedBy: new ServicePrincipal('glue.amazonaws.com') }));
app.synth();
`;

beforeAll(async () => {
  construct = await bench.pack('lib');
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));
  const cdk = ['aws-cdk-lib', 'constructs', 'typescript', '@types/node'].map(
    (name) => `${name}@${devDependencies[name]}`,
  );
  await run('npm', ['install', '--prefer-offline', construct.file, ...cdk], bench.host).catch((error) => {
    noRegistry = NO_REGISTRY.exec(String(error.stderr))?.[0];
    if (noRegistry === undefined) throw error;
  });
}, SLOW_MS);
afterAll(() => bench[Symbol.dispose]());

test('the tarball of the construct holds its modules, their types and the bundled functions', () => {
  const paths = construct.paths.filter((path) => !/^dist\/(core|adapters|lib)\/.*\.(js|d\.ts)$/.test(path));
  expect(paths.filter((path) => !path.startsWith('dist/functions/'))).toEqual(['LICENSE', 'README.md', 'package.json']);
  expect(paths).toContain('dist/functions/accept-events/index.mjs');
  expect(paths).toContain('dist/functions/accept-events/THIRD-PARTY-LICENSES.txt');
});

test(
  "a ledger in a user's own app has types, and is synthesised without esbuild, under the name of its stack",
  async (context) => {
    context.skip(noRegistry !== undefined, `the registry of packages does not answer: ${noRegistry}`);
    writeFileSync(join(bench.host, 'app.mts'), APP);
    const types = [
      '--noEmit',
      '--module',
      'nodenext',
      '--strict',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
      'app.mts',
    ];
    await run(join(bench.host, 'node_modules/.bin/tsc'), types, bench.host);
    await run('node', ['app.mts'], bench.host);

    expect(existsSync(join(bench.host, 'node_modules/esbuild'))).toBe(false);
    const template = JSON.parse(readFileSync(join(bench.host, 'cdk.out/data-platform.template.json'), 'utf8'));
    expect(Object.keys(template.Outputs)).toContain('StreamName');
    const named = Object.values<{ Type: string; Properties: { Name?: string } }>(template.Resources).find(
      ({ Type }) => Type === 'AWS::Athena::WorkGroup',
    );
    expect(named?.Properties.Name).toBe('data-platform');
  },
  SLOW_MS,
);
