import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { remoteLedger } from '../../adapters/http/client.ts';
import { type RunningServer, startServer } from '../../local/server.ts';

let dir: string;
let server: RunningServer;
const alerts: string[] = [];
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-replay-'));
  alerts.length = 0;
  const run = JSON.stringify([process.execPath, resolve(import.meta.dirname, 'recovery-job.mjs')]);
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    `version: 1
pipelines:
  backfilled: { schedule: { cron: "0 2 * * *" }, restart: { command: { run: ${run} } }, idempotent: merge }
  permanent: { restart: { command: { run: ${run} } } }
  mart: { depends_on: [backfilled] }
`,
  );
  server = await startServer({
    ...{ dir, host: '127.0.0.1', port: 0, alerting: { file: join(dir, 'pipelines.yaml') } },
    onAlert: (line) => alerts.push(line),
  });
  await server.ledger.alerts.incidents({ limit: 1 });
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const client = () => remoteLedger({ url: server.url });
const at = (hour: string) => `2026-11-01T${hour}:00:00.000Z`;
const send = (event: object) =>
  client().send([
    new TextEncoder().encode(
      JSON.stringify({ process_name: 'backfilled', environment: 'local', run_id: 'old', ...event }),
    ),
  ]);
const failed = {
  event_type: 'RUN_END',
  status: 'FAILED',
  start_time: at('02'),
  end_time: at('03'),
  event_time: at('03'),
};
const step = (step_name: string, step_index: number, status: string) => ({
  ...{ event_type: 'STEP_END', step_name, step_index, status, event_time: at('02') },
});
const started = () => readFileSync(join(dir, 'started.txt'), 'utf8').trim().split('\n');
const patient = { timeout: 30_000 };

test('a replay over HTTP goes on from the failed step, starts once for one id, and is linked', {
  timeout: 60_000,
}, async () => {
  await send({ ...failed, error: { error_code: 'D201', message: 'no' }, data_interval_end: at('02') });
  await send(step('extract', 1, 'SUCCESS'));
  await send(step('load', 2, 'FAILED'));
  const { recovery } = client();
  const request = { run_id: 'old', from_failed: true, params: { workers: '3' }, new_run_id: 'again' };
  const plan = await recovery.planReplay(request);
  expect(plan).toMatchObject({ problems: [], downstream: ['mart'], run: { from_step: 2, parent_run_id: 'old' } });
  const both = await Promise.all([1, 2].map(() => recovery.replay({ ...request, who: 'ada' })));
  expect(both.map(({ run_id }) => run_id)).toEqual(['again', 'again']);
  await expect
    .poll(() => client().show({ run_id: 'again' }), patient)
    .toMatchObject([{ run: { status: 'SUCCESS', parent_run_id: 'old', root_run_id: 'old', run_attempt: 2 } }]);
  expect(started()).toEqual(['backfilled again {"workers":"3"} 2']);
  const [found] = await recovery.list({ process_name: 'backfilled', limit: 1 });
  expect(found?.decisions).toMatchObject([
    { kind: 'restart', reason: 'REQUESTED', who: 'ada', run_id: 'old', new_run_id: 'again' },
    { kind: 'started', who: 'ada' },
  ]);
});

test('what cannot be replayed is refused with why', async () => {
  const { recovery } = client();
  const request = { run_id: 'open', params: {}, new_run_id: 'x', who: 'ada' };
  await expect(recovery.replay(request)).rejects.toThrow(/404 not_found: expected a run open/);
  const now = new Date().toISOString();
  await send({ run_id: 'open', event_type: 'RUN_START', status: 'RUNNING', start_time: now, event_time: now });
  await expect.poll(() => client().show({ run_id: 'open' })).toHaveLength(1);
  await expect(recovery.replay(request)).rejects.toThrow(
    /400 bad_request: expected a run that has ended, but open is RUNNING/,
  );
  const missing = { environment: 'local', run_id: 'y', who: 'ada', run_mode: 'manual', params: {} };
  await expect(recovery.start({ ...missing, process_name: 'mart' })).rejects.toThrow(
    /expected a restart target of mart/,
  );
});

test('a backfilled slot is good, pages nobody, and a failed one pages nobody either', { timeout: 60_000 }, async () => {
  const { recovery } = client();
  const slot = `${new Date(Date.now() - 5 * 86_400_000).toISOString().slice(0, 10)}T02:00:00.000Z`;
  const asked = { environment: 'local', who: 'ada', run_mode: 'backfill', params: {} };
  await recovery.start({ ...asked, process_name: 'backfilled', run_id: 'b1', scheduled_for: slot });
  await recovery.start({ ...asked, process_name: 'permanent', run_id: 'b2' });
  await expect.poll(() => client().show({ run_id: 'b1' }), patient).toMatchObject([{ run: { status: 'SUCCESS' } }]);
  await expect.poll(() => client().show({ run_id: 'b2' }), patient).toMatchObject([{ run: { status: 'FAILED' } }]);
  const next = new Date(Date.parse(slot) + 1000).toISOString();
  expect(await client().alerts.expected(slot, next)).toMatchObject([{ state: 'good', run_ids: ['b1'] }]);
  expect(await client().alerts.incidents({ limit: 10, open: true })).toEqual([]);
  expect(alerts.filter((line) => line.includes('opened'))).toEqual([]);
});

test('a watermark follows good runs, never moves back by a late end, and follows what a person set', {
  timeout: 60_000,
}, async () => {
  const { recovery } = client();
  const key = { environment: 'local', process_name: 'backfilled' };
  const good = (run_id: string, until: string) =>
    send({ ...failed, run_id, status: 'SUCCESS', data_interval_end: until });
  expect(await recovery.watermark(key)).toEqual({});
  await good('r2', at('12'));
  await good('r1', at('06'));
  await send({ ...failed, run_id: 'r3', data_interval_end: at('20') });
  expect(await recovery.watermark(key)).toMatchObject({ data_until: at('12') });
  const set = { ...key, who: 'ada', why: 'the source was restored' };
  expect(await recovery.setWatermark({ ...set, data_until: at('04') })).toMatchObject({
    ...{ data_until: at('04'), set_by_hand: { who: 'ada', data_until: at('04') } },
  });
  const later = new Date(Date.now() + 1_000).toISOString();
  await send({
    ...failed,
    run_id: 'r4',
    status: 'SUCCESS',
    end_time: later,
    event_time: later,
    data_interval_end: at('08'),
  });
  expect(await recovery.watermark(key)).toMatchObject({ data_until: at('08') });
  expect(await recovery.setWatermark(set)).toMatchObject({ last_success_run_id: 'r4', set_by_hand: { who: 'ada' } });
  expect(await recovery.watermarkHistory(key)).toMatchObject([{ who: 'ada' }, { data_until: at('04') }]);
  const first = { ...set, process_name: 'new', data_until: at('01') };
  expect(await recovery.setWatermark(first)).toMatchObject({ data_until: at('01') });
});
