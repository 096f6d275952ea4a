import './node-version.mjs';
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  loader: { '.sql': 'text' },
  conditions: ['runledger-source'],
  alias: { 'node:sqlite': './scripts/node-sqlite.mjs' },
  external: ['@duckdb/node-api', '@aws-sdk/*'],
  sourcemap: 'linked',
  logLevel: 'warning',
  // Dependencies that are CommonJS ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};

const bundles = [
  { in: 'cli/main.ts', out: 'runledger' },
  { in: 'local/ingest-worker.ts', out: 'ingest-worker' },
  { in: 'examples/dependency-inventory/main.ts', out: 'dependency-inventory' },
];
await build({ ...shared, entryPoints: bundles, outdir: 'dist', outExtension: { '.js': '.mjs' } });
chmodSync('dist/runledger.mjs', 0o755);

// The client is published alone, with its types.
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'clients/typescript'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
