import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process as it is known after a restart of the ledger: ids of processes are used again, so its start is part of it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the system says it started, in the system's own form. */
  readonly started: string;
}

/** Who has this id now; undefined when nobody has, or only the remains of one that ended. */
export async function identityOf(pid: number): Promise<ProcessIdentity | undefined> {
  const started = process.platform === 'linux' ? await startOnLinux(pid) : await startByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export const isSameProcess = async ({ pid, started }: ProcessIdentity): Promise<boolean> =>
  (await identityOf(pid))?.started === started;

/** In ticks since boot: the 20th of the fields. */
const startOnLinux = async (pid: number): Promise<string | undefined> => (await statFields(pid))?.[19];

/** Fields after the name, which may hold anything, from the state on; undefined when nothing of it runs. */
async function statFields(pid: number): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields;
  } catch {
    return undefined;
  }
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]);
    const [, state = '', started = ''] = /^(\S+)\s+(.*\S)/.exec(stdout.trim()) ?? [];
    return state === '' || state.startsWith('Z') ? undefined : started;
  } catch {
    return undefined;
  }
}

/** Whether a process of this group is alive. The remains of one that ended, and that nobody waits for, are not. */
export async function isGroupAlive(pgid: number): Promise<boolean> {
  try {
    process.kill(-pgid, 0);
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return process.platform !== 'linux' || (await hasLivingMember(pgid));
}

async function hasLivingMember(pgid: number): Promise<boolean> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = await statFields(Number(name));
    if (fields !== undefined && fields[2] === String(pgid)) return true;
  }
  return false;
}
