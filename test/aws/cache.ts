import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what the suite needs is kept between runs. */
const cacheFolder = (): string => process.env.RUNLEDGER_TEST_CACHE ?? join(homedir(), '.cache', 'runledger-test');

/**
 * The folder of an installed thing, by name and version. `install` fills it the first time; a half-filled one, left by
 * an install that was cut off, is emptied and filled again.
 */
export function installed(name: string, install: (folder: string) => void): string {
  const folder = join(cacheFolder(), name);
  const mark = join(folder, '.installed');
  if (existsSync(mark)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  console.log(`installing ${name} into ${cacheFolder()} …`);
  install(folder);
  writeFileSync(mark, '');
  return folder;
}

/** Runs a command to its end; throws with what it said when it fails. */
export function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}\n${stderr}`.trim()}`);
  }
  return `${stdout}${stderr}`;
}
