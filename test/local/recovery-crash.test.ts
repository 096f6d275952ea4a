import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { remoteLedger } from '../../adapters/http/client.ts';

/** A served ledger as a process, killed with -9 at each point between a failure and the next run. */
let dir: string;
let target: Server;
const ledgers: ChildProcess[] = [];
const lines: string[] = [];
/** What the target was asked to start, and the answers that it has not given. */
const asked: { run_id: string; from_step?: number }[] = [];
const unanswered: ServerResponse[] = [];
let answers = true;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-crash-'));
  for (const list of [asked, unanswered, lines]) list.length = 0;
  answers = true;
  target = createServer(async (request, response) => {
    const body: Buffer[] = [];
    for await (const chunk of request) body.push(chunk as Buffer);
    asked.push(JSON.parse(Buffer.concat(body).toString()).data);
    if (answers) response.writeHead(202).end();
    else unanswered.push(response);
  });
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  write('transient', `http: { url: env:TARGET }`, '1s');
});
afterEach(async () => {
  for (const each of ledgers.splice(0)) await kill(each);
  for (const each of unanswered) each.destroy();
  target.close();
  rmSync(dir, { recursive: true, force: true });
});

const write = (pipeline: string, restart: string, backoff: string) =>
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    `version: 1\npipelines:\n  ${pipeline}: { restart: { ${restart} }, retry: { by: ledger, max_attempts: 3, backoff: ${backoff} }, idempotent: merge }\n`,
  );

async function serve(port = 0): Promise<{ child: ChildProcess; url: string; ledger: ReturnType<typeof remoteLedger> }> {
  const { RUNLEDGER_DATA: _, RUNLEDGER_URL: __, RUNLEDGER_TOKEN: ___, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [
      'dist/runledger.mjs',
      'serve',
      '--port',
      String(port),
      '--data',
      join(dir, 'data'),
      '--pipelines',
      join(dir, 'pipelines.yaml'),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, TARGET: `http://127.0.0.1:${(target.address() as AddressInfo).port}/start` },
    },
  );
  ledgers.push(child);
  createInterface(child.stderr).on('line', (line) => lines.push(line));
  const url = await new Promise<string>((found, failed) => {
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line);
      const match = /serves at (\S+)/.exec(line);
      if (match?.[1] !== undefined) found(match[1]);
    });
    child.once('exit', () => failed(new Error(lines.join('\n'))));
  });
  const ledger = remoteLedger({ url });
  // Its file holds, and everything that it knows is judged.
  await ledger.alerts.incidents({ limit: 1 });
  return { child, url, ledger };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

type Served = Awaited<ReturnType<typeof serve>>;
const tell = ({ ledger }: Served, event: object) => {
  const at = new Date().toISOString();
  const whole = { process_name: 'transient', environment: 'local', event_time: at, ...event };
  return ledger.send([Buffer.from(JSON.stringify(whole))]);
};
const fail = (served: Served, run_id = 'a') =>
  tell(served, { run_id, event_type: 'RUN_END', status: 'FAILED', error: { error_code: 'T101', message: 'no' } });
const statesOf = async ({ ledger }: Served) => {
  const [found] = await ledger.recovery.list({ process_name: 'transient', limit: 1 });
  return found?.restarts.map(({ run_id, state }) => `${run_id} ${state}`);
};
const patient = { timeout: 90_000, interval: 100 };

test('before the decision: the next ledger decides, and starts once', async () => {
  const first = await serve();
  await fail(first);
  await kill(first.child);
  const second = await serve();
  await expect.poll(() => statesOf(second), patient).toEqual(['a-try2 started']);
  await kill(second.child);
  const third = await serve();
  expect(await statesOf(third)).toEqual(['a-try2 started']);
  expect(asked.map(({ run_id }) => run_id)).toEqual(['a-try2']);
});

test('between the decision and the claim: the planned start is carried out by the next ledger, once', async () => {
  write('transient', `http: { url: env:TARGET }`, '3s');
  const first = await serve();
  await fail(first);
  await expect.poll(() => statesOf(first), patient).toEqual(['a-try2 planned']);
  await kill(first.child);
  expect(asked).toEqual([]);
  const second = await serve();
  await expect.poll(() => statesOf(second), patient).toEqual(['a-try2 started']);
  expect(asked).toHaveLength(1);
});

test('between the claim and the answer: it is not asked again, and is heard of when its run tells of itself', async () => {
  answers = false;
  const first = await serve();
  await fail(first);
  await expect.poll(() => asked.length, patient).toBe(1);
  await kill(first.child);
  answers = true;
  const second = await serve();
  expect(await statesOf(second)).toEqual(['a-try2 claimed']);
  await tell(second, {
    run_id: 'a-try2',
    event_type: 'RUN_START',
    status: 'RUNNING',
    run_attempt: 2,
    parent_run_id: 'a',
  });
  await expect.poll(() => statesOf(second), patient).toEqual(['a-try2 heard']);
  expect(asked).toHaveLength(1);
  // Nobody was told of a failure that is being mended.
  expect(lines.filter((line) => line.includes('opened: transient'))).toEqual([]);
});

test('after the effect, and away while the next run fails: what it could not tell meanwhile is decided on later', async () => {
  const run = JSON.stringify([process.execPath, resolve(import.meta.dirname, 'recovery-job.mjs')]);
  write('transient', `command: { run: ${run} }`, '1s');
  const first = await serve();
  const started = () => readFileSync(join(dir, 'started.txt'), 'utf8').trim().split('\n');
  const port = Number(new URL(first.url).port);
  await fail(first);
  await expect.poll(() => statesOf(first).then((states) => states?.[0]), patient).toMatch(/^a-try2 (started|heard)/);
  await kill(first.child);
  // The command goes on, and tells again and again until there is a ledger at this address.
  const second = await serve(port);
  const course = async () => {
    await second.ledger.alerts.incidents({ limit: 1 });
    const runs = await second.ledger.runs({ process_name: 'transient', limit: 10 });
    return runs.map(({ run_id, status }) => `${run_id} ${status}`).sort();
  };
  await expect.poll(course, patient).toEqual(['a FAILED', 'a-try2 FAILED', 'a-try3 SUCCESS']);
  expect(started().map((line) => line.split(' ')[1])).toEqual(['a-try2', 'a-try3']);
  expect(await second.ledger.alerts.incidents({ open: true, limit: 1 })).toEqual([]);
});

test('a storm of 1,000 failures of one pipeline: few are tried again, the breaker opens, and people get one message', async () => {
  const served = await serve();
  const at = new Date().toISOString();
  const storm = Array.from({ length: 1_000 }, (_, each) =>
    JSON.stringify({
      ...{ process_name: 'transient', environment: 'local', run_id: `s${each}`, event_time: at },
      ...{ event_type: 'RUN_END', status: 'FAILED', error: { error_code: 'T101', message: 'no' } },
    }),
  );
  await served.ledger.send([Buffer.from(storm.join('\n'))]);
  await served.ledger.alerts.incidents({ limit: 1 });
  const recoveries = await served.ledger.recovery.list({ process_name: 'transient', limit: 1_000 });
  const reasons = Map.groupBy(
    recoveries.flatMap(({ decisions }) => decisions),
    ({ reason }) => reason,
  );
  expect(recoveries).toHaveLength(1_000);
  expect(reasons.get('BREAKER_OPEN')).toHaveLength(1_000);
  expect(asked).toEqual([]);
  expect(lines.filter((line) => /^\[P\d\]/.test(line))).toEqual([
    '[P2] opened: 1,000 incidents of 1 pipeline: 1000 opened (local)',
  ]);
});
