import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** zod, and small libraries that compute and do nothing else. */
const LIBRARIES = ['zod', 'fastest-levenshtein', 'croner', 'yaml'];

test('core/ bundles with nothing but itself and the libraries it may use', async () => {
  const files = readdirSync('core', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const { metafile } = await build({
    entryPoints: files.map((file) => join('core', file)),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    outdir: 'unused',
  });
  const foreign = Object.keys(metafile.inputs).filter(
    (input) =>
      !/^core\/[\w/-]+\.ts$/.test(input) &&
      !LIBRARIES.some((library) => `/${input}`.includes(`/node_modules/${library}/`)),
  );
  expect(foreign).toEqual([]);
});
