import './node-version.mjs';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { buildPage } = await import('./build-page.mjs');
const { LICENSES_FILE, thirdPartyLicenses } = await import('./third-party-licenses.ts');

/** `npm run build`: the program and the page into dist/, with the licenses of what is bundled; the client's own dist/ beside it. */
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { outputs } = (
  await build({
    absWorkingDir: root,
    entryPoints: [
      { in: 'bin/main.mjs', out: 'runledger' },
      { in: 'local/ingest-worker.ts', out: 'ingest-worker' },
      { in: 'adapters/duckdb/engine-process.ts', out: 'engine-process' },
      { in: 'examples/dependency-inventory/main.ts', out: 'dependency-inventory' },
    ],
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    metafile: true,
    bundle: true,
    // What a command does not need, the clients of AWS above all, is in files of its own.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    mainFields: ['module', 'main'],
    conditions: ['runledger-source'],
    loader: { '.sql': 'text' },
    external: Object.keys(manifest.dependencies),
    sourcemap: 'linked',
    logLevel: 'warning',
    // Dependencies that are CommonJS ask for `require`.
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
  })
).metafile;

// Whoever installs the package gets its `dependencies`: one that nothing imports would be installed for nothing.
const left = new Set(
  Object.values(outputs)
    .flatMap(({ imports }) => imports.filter(({ external, path }) => external && !isBuiltin(path)))
    .map(({ path }) => path),
);
const unused = Object.keys(manifest.dependencies).filter((name) => !left.has(name));
if (unused.length > 0) {
  console.error(
    `package.json: expected \`dependencies\` that the bundles leave outside, got also ${unused.join(', ')}`,
  );
  process.exit(1);
}

const page = await buildPage();
writeFileSync(join(dist, LICENSES_FILE), thirdPartyLicenses({ ...outputs, ...page }, root));
for (const file of readdirSync(dist)) {
  if (/\.mjs(\.map)?$/.test(file) && !(`dist/${file}` in outputs)) rmSync(join(dist, file));
}
chmodSync(join(dist, 'runledger.mjs'), 0o755);

// The client is published alone, with its types.
await import('../clients/typescript/build.mjs');
