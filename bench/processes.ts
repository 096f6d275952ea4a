import { readFileSync } from 'node:fs';

/** A process and those that it started: of a server, the query engine is one of them. Linux alone says so. */
export function processesOf(pid: number | undefined): readonly (number | undefined)[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number))];
}

/** User and system time so far of a process, or of a `pid/task/thread`; Linux counts in hundredths of a second. */
export function processorSeconds(pid: number | string | undefined): number {
  const [user, system] = timesOf(pid);
  return (user + system) / 100;
}

/** Of the processes that this one started and that have ended. */
export function childrenSeconds(): number {
  const [, , user, system] = timesOf('self');
  return (user + system) / 100;
}

/** User and system time, its own and that of its ended children. */
function timesOf(pid: number | string | undefined): readonly [number, number, number, number] {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return [Number(fields[11]), Number(fields[12]), Number(fields[13]), Number(fields[14])];
}
