import { spawnSync } from 'node:child_process';

/** Spark 4 is compiled for Java 17. */
const OLDEST_JAVA = 17;
const OLDEST_PYTHON = [3, 10] as const;

/** What the examples need and cannot install themselves, and is not found: a sentence each. */
export const missing = (interpreter: string): readonly string[] => [...python(interpreter), ...java()];

function python(interpreter: string): readonly string[] {
  const { stdout } = spawnSync(interpreter, ['-c', 'import sys; print(*sys.version_info[:2])'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = (stdout ?? '').trim().split(' ').map(Number);
  if (major === OLDEST_PYTHON[0] && minor >= OLDEST_PYTHON[1]) return [];
  return [`expected ${interpreter} to be Python ${OLDEST_PYTHON.join('.')} or newer, got ${stdout?.trim() || 'none'}`];
}

/** The one that Spark takes: of JAVA_HOME, else on the path. `java -version` writes `openjdk version "17.0.1" …`. */
function java(): readonly string[] {
  const home = process.env.JAVA_HOME;
  const { stderr } = spawnSync(home === undefined ? 'java' : `${home}/bin/java`, ['-version'], { encoding: 'utf8' });
  const version = /version "([\d._]+)/.exec(stderr ?? '')?.[1];
  if (Number(version?.split('.')[0] ?? 0) >= OLDEST_JAVA) return [];
  return [
    `expected Java ${OLDEST_JAVA} or newer, got ${version ?? 'none'}; install one, or set JAVA_HOME: Spark needs it`,
  ];
}
