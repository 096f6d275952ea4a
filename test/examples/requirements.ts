import { checkPython, homeOfJavaOnPath, missingOf, versionOfJava } from '../aws/requirements.ts';

/** Spark 4 is compiled for Java 17. */
const OLDEST_JAVA = 17;

/** What the examples need and cannot install themselves, and is not found: a sentence each. */
export const missing = (interpreter: string): readonly string[] =>
  missingOf([() => checkPython(interpreter), checkJava]);

/** The one that Spark takes. */
function checkJava(): void {
  const home = process.env.JAVA_HOME ?? homeOfJavaOnPath();
  const version = home === undefined ? 0 : versionOfJava(home);
  if (version >= OLDEST_JAVA) return;
  const found = version > 0 ? `Java ${version}` : 'none';
  throw new Error(
    `expected Java ${OLDEST_JAVA} or newer, found ${found}; install one, or set JAVA_HOME: Spark needs it`,
  );
}
