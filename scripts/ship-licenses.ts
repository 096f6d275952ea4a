import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LICENSES_FILE, thirdPartyLicenses } from './third-party-licenses.ts';

/**
 * `ship-licenses.ts FOLDER`: the CDK bundles a function into this folder and leaves esbuild's metafile there. It runs
 * esbuild and this script in one working directory, to which the metafile's paths are relative.
 */
const folder = process.argv[2];
if (folder === undefined) throw new Error('expected the folder of a bundle');
const metafile = join(folder, 'index.meta.json');
writeFileSync(
  join(folder, LICENSES_FILE),
  thirdPartyLicenses(JSON.parse(readFileSync(metafile, 'utf8')).outputs, process.cwd()),
);
rmSync(metafile);
