import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ledger } from './ledger.ts';
import { nodeRuntime, type Runtime } from './runtime.ts';
import type { Spool } from './spool.ts';
import { waitingIn } from './spool-files.ts';

export interface Printer {
  out(line: string): void;
  err(line: string): void;
}

const toConsole: Printer = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
};
const SEND_MS = 600_000;

/**
 * `spool list|send`: what could not be sent to where the environment says that events go, by clients in Node and in
 * Python and by `runledger-exec`. Gives the exit code: 1 when something is left, 2 when it was not understood.
 */
export async function spoolCommand(
  args: readonly string[],
  program: string,
  print: Printer = toConsole,
  runtime: Runtime = nodeRuntime,
): Promise<number> {
  const [verb] = args;
  if (args.length !== 1 || (verb !== 'list' && verb !== 'send')) {
    print.err(`Usage: ${program} spool list|send`);
    return 2;
  }
  const ledger = new Ledger({ onError: ({ message }) => print.err(message) }, runtime);
  const spools = ledger.spools();
  if (spools.length === 0) {
    print.err('There is no spool: RUNLEDGER_SPOOL turns it off, or events are sent nowhere.');
    return 1;
  }
  if (verb === 'send') {
    await ledger.sendSpooled({ timeout_ms: SEND_MS });
    print.out(`${counted(ledger.stats().sent)} events sent`);
  }
  const left = spools.map((spool) => tell(spool.folder, spool.waiting(), print)).reduce((sum, events) => sum + events);
  for (const folder of othersThan(spools)) {
    const waiting = waitingIn(folder, runtime.now());
    if (waiting.files > 0) tell(folder, waiting, print, ', for a place that the environment does not name');
  }
  return left > 0 && verb === 'send' ? 1 : 0;
}

function tell(
  folder: string,
  { files, events }: { readonly files: number; readonly events: number },
  print: Printer,
  why = '',
): number {
  print.out(`${folder}: ${counted(events)} events in ${counted(files)} files wait${why}`);
  return events;
}

const counted = (count: number): string => count.toLocaleString('en');

function othersThan(spools: readonly Spool[]): readonly string[] {
  const [first] = spools;
  if (!first) return [];
  const root = dirname(first.folder);
  try {
    const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return folders
      .map(({ name }) => join(root, name))
      .filter((folder) => !spools.some((spool) => spool.folder === folder))
      .sort();
  } catch {
    return [];
  }
}
