import { readdirSync, readFileSync } from 'node:fs';
import { deployedName, type FunctionName } from './functions.ts';

/** Kills the processes that run a function now, as Lambda does with one that takes too long. Needs Linux. */
export async function kill(name: FunctionName): Promise<void> {
  const setting = `AWS_LAMBDA_FUNCTION_NAME=${await deployedName(name)}`;
  const pids = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes(setting));
  if (pids.length === 0) throw new Error(`expected a process that runs ${name}, found none with ${setting}`);
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // It has ended, or is not ours.
    return [];
  }
}
