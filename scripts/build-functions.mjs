import './node-version.mjs';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const { buildPage } = await import('./build-page.mjs');
const { LICENSES_FILE, thirdPartyLicenses } = await import('./third-party-licenses.ts');

/**
 * Bundles each handler of lambdas/ into lib/dist/functions/<name>/: one module that includes the SDK and the SQL, its
 * source map, and the licenses of what is in it. The stack takes the code of its functions from there, in a clone as in
 * the published package.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const outdir = join(root, 'lib', 'dist', 'functions');
const handlers = readdirSync(join(root, 'lambdas')).map((file) => parse(file).name);
rmSync(outdir, { recursive: true, force: true });
const { outputs } = (
  await build({
    absWorkingDir: root,
    entryPoints: handlers.map((name) => ({ in: `lambdas/${name}.ts`, out: `${name}/index` })),
    outdir,
    outExtension: { '.js': '.mjs' },
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    loader: { '.sql': 'text' },
    logLevel: 'warning',
    // CommonJS dependencies call `require`, which an ES module does not have.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
).metafile;
// The page is sent by the function, as it was built.
await buildPage(join(outdir, 'serve-page', 'dashboard'));
for (const name of handlers) {
  const bundle = Object.entries(outputs).filter(([path]) => path.endsWith(`/${name}/index.mjs`));
  const folder = join(outdir, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, LICENSES_FILE), thirdPartyLicenses(Object.fromEntries(bundle), root));
}
