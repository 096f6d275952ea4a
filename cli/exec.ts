import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The same from `cli/` and from `dist/`. */
const SCRIPT = fileURLToPath(new URL('../clients/sh/runledger-exec', import.meta.url));
const SHELL = '/bin/sh';

/**
 * `runledger exec`: becomes `runledger-exec`, which makes a recorded run of any command. The same process goes on, so
 * that signals, exit code, input and output are the command's own, and nothing of Node stays in memory meanwhile.
 */
export function exec(args: readonly string[]): void {
  if (process.execve && existsSync(SHELL)) {
    process.execve(SHELL, [SHELL, SCRIPT, ...args], { ...process.env });
    return;
  }
  process.stderr.write(`runledger exec: expected a machine with ${SHELL}, found none; use a client or /ping instead\n`);
  process.exitCode = 1;
}
