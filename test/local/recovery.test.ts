import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCommands } from '../../adapters/process/restarter.ts';
import { openLedger } from '../../local/ledger.ts';
import { type RunningServer, startServer } from '../../local/server.ts';

let dir: string;
let server: RunningServer | undefined;
const alerts: string[] = [];
const errors: unknown[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-recovery-'));
  alerts.length = 0;
  errors.length = 0;
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const JOB = resolve(import.meta.dirname, 'recovery-job.mjs');
const run = [process.execPath, JOB];
const target = { command: { run } };
const write = (settings: Readonly<Record<string, string>>) =>
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    [
      'version: 1',
      'pipelines:',
      ...Object.entries(settings).map(
        ([name, more]) =>
          `  ${name}: { restart: { command: { run: ${JSON.stringify(run)} } }, idempotent: merge, ${more} }`,
      ),
    ].join('\n'),
  );
const serve = async () => {
  server = await startServer({
    ...{ dir, host: '127.0.0.1', port: 0, alerting: { file: join(dir, 'pipelines.yaml') } },
    onAlert: (line) => alerts.push(line),
    onError: (error) => errors.push(error),
  });
  return server;
};
/** Starts the first run of a pipeline as its owner would: the ledger is not asked. */
async function startFirst(pipeline: string): Promise<void> {
  const commands = openCommands({
    ...{ outputFolder: join(dir, 'first'), folder: dir, env: process.env },
    reach: () => ({ RUNLEDGER_URL: server?.url ?? '' }),
  });
  const first = {
    run_id: `${pipeline}-1`,
    root_run_id: `${pipeline}-1`,
    run_attempt: 1,
    run_mode: 'scheduled',
    params: {},
  };
  await commands.start({ target, environment: 'local', process_name: pipeline, run: first });
}
const started = () => readFileSync(join(dir, 'started.txt'), 'utf8').trim().split('\n');
const startsOf = (pipeline: string) => started().filter((line) => line.startsWith(`${pipeline} `));
const ledger = () => (server as RunningServer).ledger;
/** Runs of a pipeline, the first one first, once the ledger has judged all that it knows. */
async function courseOf(pipeline: string): Promise<readonly string[]> {
  await ledger().alerts.incidents({ limit: 1 });
  const runs = await ledger().runs({ process_name: pipeline, limit: 10 });
  return runs.map(({ run_id, status }) => `${run_id} ${status}`).sort();
}
const RETRY = 'retry: { by: ledger, max_attempts: 3, backoff: 1s';
const patient = { timeout: 240_000, interval: 250 };

test('a chaos of pipelines: each ends as its policy says, exactly once', { timeout: 300_000 }, async () => {
  write({
    transient: `${RETRY} }`,
    permanent: `${RETRY} }`,
    resource: `${RETRY} }, on_resource_error: { workers: { from: 2, factor: 2, max: 8 } }`,
    hanging: `${RETRY}, on: [timed_out] }, kill_after: 2s`,
    killed: `${RETRY}, on: [lost] }`,
    exhausted: `${RETRY} }`,
  });
  await serve();
  const { pipelines } = { pipelines: ['transient', 'permanent', 'resource', 'killed', 'exhausted'] };
  await ledger().alerts.incidents({ limit: 1 });
  for (const pipeline of pipelines) await startFirst(pipeline);
  // What the ledger did not start it does not stop: a person asks the ledger to start this one.
  await ledger().recovery.start({
    process_name: 'hanging',
    environment: 'local',
    run_id: 'hanging-1',
    who: 'ada',
    run_mode: 'manual',
    params: {},
  });

  await expect
    .poll(() => courseOf('transient'), patient)
    .toEqual(['transient-1 FAILED', 'transient-1-try2 FAILED', 'transient-1-try3 SUCCESS']);
  await expect.poll(() => courseOf('resource'), patient).toEqual(['resource-1 FAILED', 'resource-1-try2 SUCCESS']);
  await expect
    .poll(() => courseOf('exhausted'), patient)
    .toEqual(['exhausted-1 FAILED', 'exhausted-1-try2 FAILED', 'exhausted-1-try3 FAILED']);
  await expect.poll(() => courseOf('hanging'), patient).toEqual(['hanging-1 TIMED_OUT', 'hanging-1-try2 SUCCESS']);
  await expect.poll(() => courseOf('killed'), patient).toEqual(['killed-1 LOST', 'killed-1-try2 SUCCESS']);
  expect(await courseOf('permanent')).toEqual(['permanent-1 FAILED']);

  expect(startsOf('resource')).toEqual(['resource resource-1 {} ', 'resource resource-1-try2 {"workers":"4"} ']);
  for (const [pipeline, runs] of [
    ['transient', 3],
    ['permanent', 1],
    ['exhausted', 3],
    ['hanging', 2],
    ['killed', 2],
  ] as const)
    expect(startsOf(pipeline)).toHaveLength(runs);
  const open = await ledger().alerts.incidents({ open: true, limit: 10 });
  expect(open.map(({ process_name, reasons }) => [process_name, reasons[0]?.reason]).sort()).toEqual([
    ['exhausted', 'RETRIES_EXHAUSTED'],
    ['permanent', 'FAILED'],
  ]);
  // Nobody was told of what was mended by another run.
  expect(alerts.filter((line) => /opened: (transient|resource|hanging|killed)/.test(line))).toEqual([]);
  const told = await ledger().query(
    "select run_id, tags['recovery'], tags['recovery_reason'] from pipeline_logs where reporter = 'runledger' and process_name = 'transient' order by event_time, event_id",
  );
  expect(told.rows).toEqual([
    ['transient-1', 'restart', 'RETRYABLE'],
    ['transient-1', 'started', 'DONE'],
    ['transient-1-try2', 'restart', 'RETRYABLE'],
    ['transient-1-try2', 'started', 'DONE'],
  ]);
  expect(errors).toEqual([]);
});

test('a failure that only the raw lines know, as after a crash, is judged once they are read', {
  timeout: 300_000,
}, async () => {
  write({ transient: 'severity: high' });
  const bare = await openLedger({ dir });
  const at = new Date().toISOString();
  const failed = { event_type: 'RUN_END', status: 'FAILED', run_id: 'a', process_name: 'transient', event_time: at };
  await bare.send([new TextEncoder().encode(JSON.stringify(failed))]);
  await bare.close();
  for (const file of ['live.sqlite', 'live.sqlite-wal', 'live.sqlite-shm']) rmSync(join(dir, file), { force: true });
  await serve();
  await expect.poll(() => alerts.filter((line) => /opened: transient failed/.test(line)).length, patient).toBe(1);
});

test('a start that was planned outlives the ledger, and is carried out once by the next one', {
  timeout: 300_000,
}, async () => {
  write({ transient: `${RETRY.replace('1s', '3s')} }` });
  await serve();
  await ledger().alerts.incidents({ limit: 1 });
  await startFirst('transient');
  await expect
    .poll(async () => (await ledger().recovery.list({ limit: 1 }))[0]?.restarts, patient)
    .toMatchObject([{ run_id: 'transient-1-try2', state: 'planned' }]);
  await server?.close();
  expect(startsOf('transient')).toHaveLength(1);
  await serve();
  await expect
    .poll(() => courseOf('transient'), patient)
    .toEqual(['transient-1 FAILED', 'transient-1-try2 FAILED', 'transient-1-try3 SUCCESS']);
  expect(startsOf('transient')).toHaveLength(3);
});

test('a command that knows no ledger is told of by the code it ended with, and is tried again or not as any other', {
  timeout: 60_000,
}, async () => {
  const shell = (text: string) => JSON.stringify(['sh', '-c', text]);
  const script = 'echo working; echo no such table >&2; exit 3';
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    [
      'version: 1',
      'pipelines:',
      `  mute: { restart: { command: { run: ${shell(script)} } }, idempotent: merge, ${RETRY}, on: [unknown] } }`,
      `  quiet: { restart: { command: { run: ${shell('exit 0')} } }, idempotent: merge }`,
    ].join('\n'),
  );
  await serve();
  await ledger().alerts.incidents({ limit: 1 });
  for (const process_name of ['mute', 'quiet'])
    await ledger().recovery.start({
      ...{
        process_name,
        environment: 'local',
        run_id: `${process_name}-1`,
        who: 'ada',
        run_mode: 'manual',
        params: {},
      },
    });
  await expect.poll(() => courseOf('quiet'), patient).toEqual(['quiet-1 SUCCESS']);
  await expect
    .poll(() => courseOf('mute'), patient)
    .toEqual(['mute-1 FAILED', 'mute-1-try2 FAILED', 'mute-1-try3 FAILED']);
  const [shown] = await ledger().show({ run_id: 'mute-1-try3' });
  expect(shown?.run.start_time).not.toBeNull();
  expect(shown?.run).toMatchObject({ error_code: 'U900', error_message: 'working\nno such table', run_attempt: 3 });
  expect(errors).toEqual([]);
});
