import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * The page into dist/dashboard, or another folder: index.html, and assets whose names hold a hash of their content. Returns the outputs of
 * esbuild's metafile. A server may be reading the folder: the new one takes the place of the old one at once.
 */
export async function buildPage(folder = join(root, 'dist', 'dashboard')) {
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  const { outputs } = (
    await build({
      absWorkingDir: root,
      entryPoints: [{ in: 'dashboard/src/main.tsx', out: 'page' }],
      outdir: join(fresh, 'assets'),
      entryNames: '[name]-[hash]',
      assetNames: '[name]-[hash]',
      publicPath: '/assets',
      loader: { '.svg': 'file' },
      metafile: true,
      bundle: true,
      minify: true,
      format: 'esm',
      target: ['chrome120', 'firefox121', 'safari17'],
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'warning',
    })
  ).metafile;
  const names = Object.keys(outputs).map((path) => basename(path));
  const named = (pattern) => {
    const name = names.find((each) => pattern.test(each));
    if (name === undefined)
      throw new Error(`expected the build of the page to make ${pattern}, got ${names.join(', ')}`);
    return `/assets/${name}`;
  };
  const index = readFileSync(join(root, 'dashboard', 'index.html'), 'utf8')
    .replace('{{icon}}', named(/^good-.*\.svg$/))
    .replace('{{style}}', named(/^page-.*\.css$/))
    .replace('{{script}}', named(/^page-.*\.js$/));
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, 'index.html'), index);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return outputs;
}
