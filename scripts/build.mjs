import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  loader: { '.sql': 'text' },
  conditions: ['runledger-source'],
  alias: { 'node:sqlite': './scripts/node-sqlite.mjs' },
  sourcemap: 'linked',
  logLevel: 'warning',
  // Dependencies that are CommonJS ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};

const outputs = { outdir: 'dist', outExtension: { '.js': '.mjs' }, metafile: true };
const built = [
  await build({
    ...shared,
    ...outputs,
    entryPoints: [
      { in: 'cli/main.ts', out: 'runledger' },
      { in: 'local/ingest-worker.ts', out: 'ingest-worker' },
    ],
    // What a command does not need, the clients of AWS above all, is in files of its own.
    splitting: true,
    mainFields: ['module', 'main'],
    external: ['@duckdb/node-api'],
  }),
  await build({
    ...shared,
    ...outputs,
    entryPoints: [{ in: 'examples/dependency-inventory/main.ts', out: 'dependency-inventory' }],
    external: ['@duckdb/node-api', '@aws-sdk/*'],
  }),
];
const made = new Set(built.flatMap(({ metafile }) => Object.keys(metafile.outputs)));
for (const file of readdirSync('dist')) {
  const path = join('dist', file);
  if (/\.mjs(\.map)?$/.test(file) && !made.has(path)) rmSync(path);
}
chmodSync('dist/runledger.mjs', 0o755);

// The client is published alone, with its types.
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'clients/typescript'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
