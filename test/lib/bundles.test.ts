import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bundleOf } from '../../lib/own-package.ts';

/**
 * Unpacked; a cold start reads all of it. X-Ray's SDK is 130 KB of each; `import { z } from 'zod'` alone brings 370 KB
 * that nobody asks for.
 */
const MAX_BUNDLE_BYTES = 1100 * 1024;
/** Those that need more, and why. */
const MOST: Readonly<Record<string, number>> = {
  // It plans one-time schedules too.
  'check-deadlines': 1150 * 1024,
  // It brings a client of each platform that it starts runs on, and is called when a run is to be started.
  recover: 1450 * 1024,
  // People wait for it, once in a while: it speaks to three services, and has every question.
  'serve-page': 1450 * 1024,
};

const FUNCTIONS = resolve('lib/dist/functions');
const handlers = readdirSync('lambdas').map((file) => parse(file).name);

test('every function is one module that loads by itself, SDK and SQL inside, and exports its handler, wrapped', async () => {
  expect(readdirSync(FUNCTIONS).sort()).toEqual(handlers.sort());
  for (const name of handlers) {
    const module = (await import(/* @vite-ignore */ bundleOf(name))) as { handler?: { use?: unknown } };
    expect({ name, handler: typeof module.handler }).toEqual({ name, handler: 'function' });
    expect({ name, middlewares: typeof module.handler?.use }).toEqual({ name, middlewares: 'function' });
  }
});

test('every function brings the licenses of the packages in its bundle, and nothing of the build', () => {
  for (const name of handlers) {
    const files = readdirSync(join(FUNCTIONS, name)).sort();
    const page = name === 'serve-page' ? ['dashboard'] : [];
    expect({ name, files }).toEqual({
      name,
      files: ['THIRD-PARTY-LICENSES.txt', ...page, 'index.mjs', 'index.mjs.map'],
    });
    const licenses = readFileSync(join(FUNCTIONS, name, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(licenses).toMatch(/^(@aws-sdk\/client-|zod )\S+ .*\((Apache-2\.0|MIT)\)$/m);
  }
});

test('a function that was not bundled is named, with what bundles it', () => {
  expect(() => bundleOf('no-such')).toThrow(
    'expected the bundle of the function no-such, found none; run `node scripts/build-functions.mjs` in the clone',
  );
});

test('no bundle is larger than a cold start can bear', () => {
  // Called in a deployment alone: it brings the holidays of every country.
  const sizes = handlers
    .filter((name) => name !== 'apply-pipelines')
    .map((name) => ({ name, bytes: statSync(join(FUNCTIONS, name, 'index.mjs')).size }));
  const most = (name: string): number => MOST[name] ?? MAX_BUNDLE_BYTES;
  expect(sizes.filter(({ name, bytes }) => bytes > most(name))).toEqual([]);
});
