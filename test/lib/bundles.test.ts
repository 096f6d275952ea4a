import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readOptions } from '../../lib/context.ts';
import { LedgerStack } from '../../lib/stack.ts';

/**
 * Unpacked; a cold start reads all of it. X-Ray's SDK is 130 KB of each; `import { z } from 'zod'` alone brings 370 KB
 * that nobody asks for.
 */
const MAX_BUNDLE_BYTES = 1030 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'runledger-bundles-'));
let bundles: readonly { readonly name: string; readonly file: string; readonly bytes: number }[] = [];

beforeAll(() => {
  const app = new App({ outdir: folder, context: { 'aws:cdk:enable-asset-metadata': true } });
  const options = readOptions(app.node);
  new LedgerStack(app, options.stackName, { options });
  app.synth();
  const template = JSON.parse(readFileSync(join(folder, `${options.stackName}.template.json`), 'utf8')) as {
    readonly Resources: Readonly<Record<string, { readonly Metadata?: Readonly<Record<string, string>> }>>;
  };
  bundles = Object.entries(template.Resources).flatMap(([id, { Metadata }]) => {
    const path = Metadata?.['aws:asset:path'];
    const file = path === undefined ? '' : join(folder, path, 'index.mjs');
    if (!readdirSync(folder).includes(path ?? '') || !statSync(file, { throwIfNoEntry: false })) return [];
    return [{ name: id.replace(/Function[0-9A-F]{8}$/, ''), file, bytes: statSync(file).size }];
  });
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every function is one module that loads by itself, SDK and SQL inside, and exports its handler, wrapped', async () => {
  expect(bundles).toHaveLength(10);
  for (const { name, file } of bundles) {
    const module = (await import(/* @vite-ignore */ file)) as { handler?: { use?: unknown } };
    expect({ name, handler: typeof module.handler }).toEqual({ name, handler: 'function' });
    expect({ name, middlewares: typeof module.handler?.use }).toEqual({ name, middlewares: 'function' });
  }
});

test('every function brings the licenses of the packages in its bundle, and nothing of the build', () => {
  for (const { name, file } of bundles) {
    const files = readdirSync(dirname(file)).sort();
    expect({ name, files }).toEqual({ name, files: ['THIRD-PARTY-LICENSES.txt', 'index.mjs', 'index.mjs.map'] });
    const licenses = readFileSync(join(dirname(file), 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licenses).toMatch(/^(@aws-sdk\/client-|zod )\S+ .*\((Apache-2\.0|MIT)\)$/m);
  }
});

test('no bundle is larger than a cold start can bear', () => {
  const sizes = bundles.map(({ name, bytes }) => `${name} ${Math.round(bytes / 1024)} KB`);
  console.log(sizes.join('\n'));
  expect(bundles.filter(({ bytes }) => bytes > MAX_BUNDLE_BYTES)).toEqual([]);
});
