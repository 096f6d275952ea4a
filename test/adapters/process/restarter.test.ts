import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { identityOf, isGroupAlive } from '../../../adapters/process/process-group.ts';
import { openCommands } from '../../../adapters/process/restarter.ts';
import { aStart, restarterContract } from '../../contracts/restarter.contract.ts';

let dir: string;
const started: number[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-restarter-'));
});
afterEach(async () => {
  for (const pid of started.splice(0)) if (await isGroupAlive(pid)) process.kill(-pid, 'SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

/** Writes what it was told, then waits with a child of its own. */
const JOB = `
const { appendFileSync } = require('node:fs');
const { RUNLEDGER_RUN_ID: run_id, RUNLEDGER_PARENT_RUN_ID: parent_run_id, RUNLEDGER_ROOT_RUN_ID: root_run_id } = process.env;
const { RUNLEDGER_RUN_ATTEMPT: run_attempt, RUNLEDGER_RUN_MODE: run_mode, RUNLEDGER_FROM_STEP: from_step } = process.env;
const { RUNLEDGER_PARAMS: params = '{}', RUNLEDGER_SCHEDULED_FOR: scheduled_for } = process.env;
require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' });
setTimeout(() => {}, 60_000);
appendFileSync('told.ndjson', JSON.stringify({
  run_id, parent_run_id, root_run_id, run_attempt: Number(run_attempt), run_mode,
  from_step: from_step && Number(from_step), params: JSON.parse(params), scheduled_for }) + '\\n');
`;

const commands = (graceMs = 5_000) =>
  openCommands({
    outputFolder: join(dir, 'restarts'),
    folder: dir,
    env: process.env,
    reach: () => ({ RUNLEDGER_URL: 'http://127.0.0.1:9' }),
    graceMs,
  });

restarterContract('commands of this machine', async () => {
  const restarter = commands();
  return {
    restarter: {
      ...restarter,
      start: async (start) => {
        const outcome = await restarter.start(start);
        if (outcome.state === 'started' && outcome.handle) started.push(JSON.parse(outcome.handle).pid);
        return outcome;
      },
    },
    good: { command: { run: [process.execPath, '-e', JOB] } },
    refusing: { command: { run: ['no-such-program'] } },
    foreign: { http: { url: 'env:NONE' } },
    received: async (count) => {
      await expect.poll(() => existsSync(join(dir, 'told.ndjson')), { timeout: 20_000 }).toBe(true);
      const lines = readFileSync(join(dir, 'told.ndjson'), 'utf8').trim().split('\n');
      expect(lines).toHaveLength(count);
      return lines.map((line) => JSON.parse(line));
    },
    isRunning: (handle) => isGroupAlive(JSON.parse(handle).pid),
  };
}, [{ reason: 'a process is there or not', tests: ['says that nobody knows when no answer comes'] }]);

test('what ignores SIGTERM is killed', async () => {
  const restarter = commands(200);
  const run = ['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'];
  const outcome = await restarter.start(aStart({ command: { run } }, { run_id: 'stubborn/run' }));
  const handle = (outcome as { handle: string }).handle;
  started.push(JSON.parse(handle).pid);
  const log = join(dir, 'restarts', 'stubborn%2Frun.log');
  await expect.poll(() => readFileSync(log, 'utf8'), { timeout: 20_000 }).toContain('ready');
  expect(await restarter.stop(handle)).toMatchObject({ state: 'stopped', how: /SIGKILL/ });
});

test('a process that has the id of one that ended is left alone', async () => {
  const other = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  started.push(other.pid ?? 0);
  const identity = await identityOf(other.pid ?? 0);
  expect(identity).toBeDefined();
  expect(await commands().stop(JSON.stringify({ ...identity, started: '1' }))).toEqual({ state: 'gone' });
  expect(await isGroupAlive(other.pid ?? 0)).toBe(true);
});

test('its output is kept, for the owner of the ledger alone, and no shell reads its words', async () => {
  const run = ['printf', '%s', '$HOME; `id`'];
  await commands().start(aStart({ command: { run } }, { run_id: '..' }));
  const log = join(dir, 'restarts', '%2E..log');
  await expect.poll(() => existsSync(log) && readFileSync(log, 'utf8'), { timeout: 20_000 }).toBe('$HOME; `id`');
  expect(execFileSync('stat', ['-c', '%a', log], { encoding: 'utf8' }).trim()).toBe('600');
});
