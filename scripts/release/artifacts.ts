import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { installed, run } from '../../test/aws/cache.ts';
import { python } from '../../test/aws/requirements.ts';

const BUILD_TOOLS = ['build==1.6.1', 'hatchling==1.33.0'];

/** The packages of npm: the program, the client, the construct. */
const PACKAGES = ['.', 'clients/typescript', 'lib'];

/** Builds what is released of a tree into a folder; the names of the files, with the sums of the others last. */
export function buildArtifacts(root: string, out: string): readonly string[] {
  const folder = resolve(out);
  mkdirSync(folder, { recursive: true });
  for (const each of PACKAGES) npmPack(join(root, each), folder);
  const venv = installed(`release-tools-${BUILD_TOOLS.join('-').replaceAll('==', '-')}`, (to) => {
    run(python(), ['-m', 'venv', to]);
    run(join(to, 'bin', 'pip'), ['install', '-q', '--disable-pip-version-check', ...BUILD_TOOLS]);
  });
  run(join(venv, 'bin', 'python'), [
    ...['-m', 'build', '--no-isolation', '--outdir', folder, join(root, 'clients', 'python')],
  ]);
  copyFileSync(join(root, 'clients', 'sh', 'runledger-exec'), join(folder, 'runledger-exec'));
  chmodSync(join(folder, 'runledger-exec'), 0o755);
  return writeSums(folder);
}

function npmPack(folder: string, out: string): void {
  const { status, stderr } = spawnSync('npm', ['pack', '--pack-destination', out], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`expected npm pack to make a tarball of ${folder}, but got: ${stderr}`);
}

const SUMS = 'SHA256SUMS';

/** As `sha256sum --check` reads it. */
function writeSums(folder: string): readonly string[] {
  const files = readdirSync(folder)
    .filter((name) => name !== SUMS)
    .sort();
  const lines = files.map((name) => {
    const sum = createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex');
    return `${sum}  ${name}\n`;
  });
  writeFileSync(join(folder, SUMS), lines.join(''));
  return [...files, SUMS];
}
