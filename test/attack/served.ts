import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A ledger served by a process of its own, as users run it, in a folder of its own. */
export interface Served {
  readonly url: string;
  readonly folder: string;
  readonly process: ChildProcess;
  /** What the process has printed as errors so far. */
  errors(): string;
  /** One SELECT over HTTP: the status and what was answered. */
  ask(sql: string): Promise<{ readonly status: number; readonly answer: Answered }>;
  /** Lines as they are, over HTTP; the status. */
  send(body: string): Promise<number>;
  /** Ends the process and removes the folder. */
  close(): Promise<void>;
}

/** An answer or a failure, as HTTP gives them. */
export interface Answered {
  readonly rows?: readonly (readonly unknown[])[];
  readonly truncated?: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Starts the bundled program with `serve`. With `folder`, on what another server left there. */
export async function serveLedger(folder = mkdtempSync(join(tmpdir(), 'runledger-attack-'))): Promise<Served> {
  const server = spawn(process.execPath, ['dist/runledger.mjs', 'serve', '--port', '0', '--data', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const url = await addressOf(server, () => errors);
  return {
    url,
    folder,
    process: server,
    errors: () => errors,
    ask: async (sql) => {
      const response = await fetch(`${url}/query`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ sql }),
      });
      return { status: response.status, answer: (await response.json()) as Answered };
    },
    send: async (body) => (await fetch(`${url}/events`, { method: 'POST', body })).status,
    close: async () => {
      if (server.exitCode === null && server.signalCode === null) {
        const ended = once(server, 'exit');
        server.kill('SIGKILL');
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function addressOf(server: ChildProcess, errors: () => string): Promise<string> {
  if (!server.stdout) throw new Error('expected a process whose output is piped');
  for await (const line of createInterface(server.stdout)) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) {
      server.stdout.resume();
      return url;
    }
  }
  throw new Error(`expected a ledger that serves, got one that ended: ${errors()}`);
}
