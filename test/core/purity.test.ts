import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('core/ bundles with nothing but itself and zod', async () => {
  const files = readdirSync('core', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const { metafile } = await build({
    entryPoints: files.map((file) => join('core', file)),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    outdir: 'unused',
  });
  const foreign = Object.keys(metafile.inputs).filter(
    (input) => !/^core\/[\w/-]+\.ts$/.test(input) && !/(^|\/)node_modules\/zod\//.test(input),
  );
  expect(foreign).toEqual([]);
});
