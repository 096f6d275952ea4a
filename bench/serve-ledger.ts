import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A ledger that serves a folder, in a process of its own. End it with SIGTERM. */
export interface ServedLedger {
  readonly server: ChildProcess;
  /** Where it serves. Rejects when the process ends before it does. */
  readonly url: Promise<string>;
}

export function serveLedger(folder: string, stderr: 'ignore' | 'inherit', ...more: readonly string[]): ServedLedger {
  const server = spawn(
    process.execPath,
    [join('dist', 'runledger.mjs'), 'serve', '--port', '0', '--data', folder, ...more],
    {
      stdio: ['ignore', 'pipe', stderr],
    },
  );
  const url = new Promise<string>((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const found = /http:\/\/[\d.:]+/.exec(line);
      if (found) resolve(found[0]);
    });
    server.once('exit', (code) => reject(new Error(`the ledger ended with ${code}`)));
  });
  return { server, url };
}
