import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

/** `npm run bench [NAME…]`: prints figures, never fails on them. */
await import('./build.mjs');
await import('./build-functions.mjs');
const out = 'dist/bench';
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: readdirSync('bench')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `bench/${file}`),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  loader: { '.sql': 'text' },
  external: ['@duckdb/node-api', 'playwright-core'],
  outdir: out,
  outExtension: { '.js': '.mjs' },
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
});
const all = [
  'accept',
  'ask-beside-ingest',
  'clock',
  'end-to-end',
  'increment',
  'kept',
  'lambda',
  'mask',
  'open-page',
  'page',
  'peer-page',
  'peers',
  'questions',
  'recovery',
  'sorting',
  'volumes',
];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`there is no bench called ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}
for (const name of wanted.length > 0 ? wanted : all) {
  const { status } = spawnSync(process.execPath, [`${out}/${name}.mjs`], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
