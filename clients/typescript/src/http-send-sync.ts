import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';

/** A program of its own, because this process waits. The first line of its input says where to, the rest is the body. */
const SENDER = `
import { readFileSync } from 'node:fs';
const input = readFileSync(0);
const end = input.indexOf(10);
const { endpoint, headers } = JSON.parse(input.subarray(0, end));
const answer = await fetch(endpoint, { method: 'POST', headers, body: input.subarray(end + 1), redirect: 'manual' });
const isPage = answer.headers.get('content-type')?.includes('text/html');
const isTaken = (answer.ok && !isPage) || (answer.status === 422 && 'rejected' in (await answer.json()));
process.exit(isTaken ? 0 : 3);
`;

/** Posts before it returns, and throws when the body was not taken within `timeoutMs`. */
export function postSync(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  timeoutMs: number,
  throughProxy = false,
): void {
  // A program packed together with its Node would start itself again.
  if (!/^node(\.exe)?$/.test(basename(process.execPath)))
    throw new Error('Expected to run on node, to send at the exit');
  const { status, error } = spawnSync(process.execPath, ['--input-type=module', '--eval', SENDER], {
    input: Buffer.concat([Buffer.from(`${JSON.stringify({ endpoint, headers })}\n`), body]),
    stdio: ['pipe', 'ignore', 'ignore'],
    // Before 22.21 and 24.5 Node knows no proxies: what cannot be sent then goes to the spool.
    env: { ...process.env, NODE_OPTIONS: '', NODE_USE_ENV_PROXY: throughProxy ? '1' : undefined },
    timeout: Math.max(1, Math.ceil(timeoutMs)),
    killSignal: 'SIGKILL',
    windowsHide: true,
  });
  if (status !== 0)
    throw new Error(`Expected POST ${endpoint} to take events at the exit, got ${error?.message ?? status}`);
}
