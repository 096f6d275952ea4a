import { readdirSync } from 'node:fs';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

test('core/*.ts bundles with nothing but itself and zod', async () => {
  const files = readdirSync('core', { withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts'),
  );
  const { metafile } = await build({
    entryPoints: files.map(({ name }) => `core/${name}`),
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    outdir: 'unused',
  });
  const foreign = Object.keys(metafile.inputs).filter(
    (input) => !/^core\/[\w-]+\.ts$/.test(input) && !/(^|\/)node_modules\/zod\//.test(input),
  );
  expect(foreign).toEqual([]);
});
