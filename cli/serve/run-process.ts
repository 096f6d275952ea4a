import { spawn } from 'node:child_process';
import type { Io } from '../io.ts';

/**
 * Runs a Node program whose output is shown as it comes; resolves with its exit code, or what ended it. Aborting the
 * signal asks it to stop.
 */
export function runProcess(
  file: string,
  args: readonly string[],
  io: Pick<Io, 'stdout' | 'stderr' | 'env'>,
  signal: AbortSignal,
): Promise<number | string> {
  const output = io.stdout === process.stdout ? 'inherit' : 'pipe';
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', output, output], env: io.env });
  child.stdout?.pipe(io.stdout, { end: false });
  child.stderr?.pipe(io.stderr, { end: false });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  return new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, name) => resolve(code ?? name ?? 'nothing known'));
  }).finally(() => signal.removeEventListener('abort', stop));
}
