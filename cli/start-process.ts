import { spawn } from 'node:child_process';
import type { Io } from './io.ts';

export interface StartedProcess {
  /** Its exit code, or what ended it. */
  readonly ended: Promise<number | string>;
  stop(): void;
}

/** Runs a Node program whose output is shown as it comes. */
export function startProcess(file: string, args: readonly string[], io: Io): StartedProcess {
  const inherits = io.stdout === process.stdout;
  const output = inherits ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', output, output], env: io.env });
  child.stdout?.pipe(io.stdout, { end: false });
  child.stderr?.pipe(io.stderr, { end: false });
  const ended = new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => resolve(code ?? signal ?? 'nothing known'));
  });
  return { ended, stop: () => void child.kill('SIGTERM') };
}
