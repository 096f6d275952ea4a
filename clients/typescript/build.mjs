import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** `npm run build`: dist/ as ES modules, and dist/cjs/ for who still calls `require`; both with types. */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

rmSync(here('dist'), { recursive: true, force: true });
for (const project of ['tsconfig.json', 'tsconfig.cjs.json']) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', here(project)], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
writeFileSync(here('dist/cjs/package.json'), '{ "type": "commonjs" }\n');
