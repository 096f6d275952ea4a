import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../bin/main.mjs', import.meta.url));
const received: { readonly process_name: string; readonly event_type: string; readonly status: string }[] = [];
const server = createServer(async (request, response) => {
  const lines = (await text(request)).trim().split('\n');
  received.push(...lines.map((line) => JSON.parse(line)));
  response.end('{}');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** `runledger exec …`, as a process. */
function exec(...args: readonly string[]) {
  const { port } = server.address() as AddressInfo;
  const child = spawn(process.execPath, [PROGRAM, 'exec', ...args], {
    env: { ...process.env, RUNLEDGER_URL: `http://127.0.0.1:${port}`, RUNLEDGER_SPOOL: 'off' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', async (code, signal) => {
      const [stdout, stderr] = await outputs;
      resolve({ code, signal, stdout, stderr });
    }),
  );
  return { child, ended };
}

const endOf = (process_name: string) =>
  received.find((event) => event.process_name === process_name && event.event_type === 'RUN_END');

test('`exec` passes input, output and exit code through, and records the run', async () => {
  const { child, ended } = exec('--pipeline', 'copies', '--', 'sh', '-c', 'cat; echo "no such table" >&2; exit 7');
  child.stdin.end('hello');

  expect(await ended).toEqual({ code: 7, signal: null, stdout: 'hello', stderr: 'no such table\n' });
  expect(endOf('copies')).toMatchObject({ status: 'FAILED', exit_code: 7, error: { stack_trace: 'no such table' } });
});

test('`exec` passes a signal through, and dies by it as the command does', async () => {
  const { child, ended } = exec('--pipeline', 'waits', '--', 'sh', '-c', 'echo waits; exec sleep 600');
  await new Promise((resolve) => child.stdout.once('data', resolve));

  child.kill('SIGTERM');

  expect(await ended).toMatchObject({ code: null, signal: 'SIGTERM' });
  expect(endOf('waits')).toMatchObject({ status: 'CANCELLED' });
});

test('`exec` says how it is used', async () => {
  const { code, stdout, stderr } = await exec('--pipline', 'x').ended;

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Usage: runledger-exec --pipeline NAME');
});
