import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

interface ServedOptions {
  /** The text of a file of pipelines. */
  readonly pipelines?: string;
  readonly token?: string;
}

/** The bundled program, which serves a folder of its own; it can be stopped and started again at the same address. */
export interface Served {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends it and removes the folder. */
  close(): Promise<void>;
}

export async function serveLedger({ pipelines, token }: ServedOptions = {}): Promise<Served> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-page-'));
  const file = join(folder, 'expected.yaml');
  if (pipelines !== undefined) writeFileSync(file, pipelines);
  let server: ChildProcess | undefined;
  let port = '0';

  async function start(): Promise<string> {
    const args = ['serve', '--port', port, '--data', join(folder, 'ledger'), '--pipelines', file];
    server = spawn(
      process.execPath,
      ['dist/runledger.mjs', ...args, ...(token === undefined ? [] : ['--token', token])],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    if (server.stdout === null) throw new Error('expected a process whose output is piped');
    for await (const line of createInterface(server.stdout)) {
      const [url, found] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
      if (url === undefined || found === undefined) continue;
      port = found;
      server.stdout.resume();
      return url;
    }
    throw new Error('expected a ledger that serves, got one that ended');
  }
  async function stop(): Promise<void> {
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGTERM');
    await ended;
  }

  const url = await start();
  return {
    ...{ url, folder, stop },
    start: async () => void (await start()),
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
