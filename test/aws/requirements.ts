import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '../../core/error-message.ts';

/** Trino 476 is compiled for Java 24. */
const OLDEST_JAVA = 24;
const OLDEST_PYTHON = [3, 10] as const;

/** What the suite needs and cannot install itself, and does not find: a sentence each. */
export const missing = (): readonly string[] => missingOf([python, javaHome, maven]);

/** The message of each of these that throws. */
export const missingOf = (finders: readonly (() => unknown)[]): readonly string[] =>
  finders.flatMap((find) => {
    try {
      find();
      return [];
    } catch (error) {
      return [errorMessage(error)];
    }
  });

/** The home of a Java that can run Trino: JAVA_HOME, the one on the path, or one where systems keep theirs. */
export function javaHome(): string {
  const candidates = [process.env.JAVA_HOME, homeOfJavaOnPath(), ...installedJavas()];
  for (const home of candidates) {
    if (home !== undefined && versionOfJava(home) >= OLDEST_JAVA) return home;
  }
  throw new Error(`expected Java ${OLDEST_JAVA} or newer, found none; install one (Temurin 25) or set JAVA_HOME`);
}

/** A Python that can run MiniStack. */
export function python(): string {
  checkPython('python3');
  return 'python3';
}

/** Throws when the interpreter is none, or too old for the tests. */
export function checkPython(interpreter: string): void {
  const { stdout } = spawnSync(interpreter, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (stdout ?? '').trim().split(' ').map(Number);
  if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return;
  throw new Error(`expected ${interpreter} ${OLDEST_PYTHON.join('.')} or newer, found ${stdout?.trim() || 'none'}`);
}

export function maven(): string {
  if (spawnSync('mvn', ['--version']).status === 0) return 'mvn';
  throw new Error('expected Maven (mvn) on the path, found none; it fetches Trino from Maven Central');
}

/** `java -version` writes to stderr: `openjdk version "25.0.1" …`. */
export function versionOfJava(home: string): number {
  const { stderr } = spawnSync(join(home, 'bin', 'java'), ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0);
}

export function homeOfJavaOnPath(): string | undefined {
  const { stderr, stdout } = spawnSync('java', ['-XshowSettings:properties', '-version'], { encoding: 'utf8' });
  return /java\.home = (.+)/.exec(`${stderr ?? ''}${stdout ?? ''}`)?.[1]?.trim();
}

function installedJavas(): readonly string[] {
  const linux = foldersIn('/usr/lib/jvm');
  const macos = foldersIn('/Library/Java/JavaVirtualMachines').map((folder) => join(folder, 'Contents', 'Home'));
  return [...linux, ...macos];
}

const foldersIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
