import { execFile } from 'node:child_process';
import { inject } from 'vitest';
import { credentials } from './deploy.ts';
import type { Person } from './sign-in.ts';

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const LIMIT_MS = 240_000;

/** Runs Node to its end. */
export const node = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env: { ...process.env, ...env }, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, args, options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });

/** Bundles the program, which `commandLine` runs. Throws what the build said. */
export async function buildCommandLine(): Promise<void> {
  const { code, out, err } = await node(['scripts/build.mjs']);
  if (code !== 0) throw new Error(`${out}${err}`);
}

/** The bundled program against a stack, as a person runs it in a shell that is signed in. */
export const commandLine =
  (stack: string) =>
  (person: Person, ...args: readonly string[]): Promise<Ended> =>
    node(['dist/runledger.mjs', '--aws', '--stack', stack, ...args], {
      ...credentials,
      ...person,
      AWS_ENDPOINT_URL: inject('awsUrl'),
      AWS_ENDPOINT_URL_ATHENA: inject('athenaUrl'),
    });
