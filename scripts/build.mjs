import './node-version.mjs';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  loader: { '.sql': 'text' },
  conditions: ['runledger-source'],
  external: ['@duckdb/node-api', '@aws-sdk/*'],
  sourcemap: 'linked',
  logLevel: 'warning',
  // Dependencies that are CommonJS ask for `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
};

rmSync('dist', { recursive: true, force: true });
const bundles = [
  { in: 'cli/main.ts', out: 'runledger' },
  { in: 'local/ingest-worker.ts', out: 'ingest-worker' },
  { in: 'examples/dependency-inventory/main.ts', out: 'dependency-inventory' },
].filter((each) => existsSync(each.in));
await build({ ...shared, entryPoints: bundles, outdir: 'dist', outExtension: { '.js': '.mjs' } });
if (existsSync('dist/runledger.mjs')) chmodSync('dist/runledger.mjs', 0o755);
if (existsSync('clients/typescript/src/index.ts')) {
  await build({
    ...shared,
    banner: {},
    entryPoints: ['clients/typescript/src/index.ts'],
    outfile: 'clients/typescript/dist/index.js',
  });
}
