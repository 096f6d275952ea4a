import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ledger, LogTail, watermark } from '@runledger/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type RunningServer, startServer } from '../../local/server.ts';

/** The TypeScript client, against a ledger that is served. */
let folder: string;
let server: RunningServer;
let client: Ledger;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-client-'));
  server = await startServer({ dir: folder, host: '127.0.0.1', port: 0, token: 'sesame' });
  vi.stubEnv('RUNLEDGER_URL', server.url);
  vi.stubEnv('RUNLEDGER_TOKEN', 'sesame');
  client = new Ledger({ environment: 'test', owner: 'team-crm', spool: false, context: false });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await client.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const asked = async (sql: string): Promise<readonly unknown[][]> => {
  const answer = await fetch(`${server.url}/query`, {
    method: 'POST',
    headers: { authorization: 'Bearer sesame' },
    body: sql,
  });
  return ((await answer.json()) as { rows: unknown[][] }).rows;
};

test('instances and tries of steps, and an error with its log, are what the ledger has of a run', async () => {
  const tail = new LogTail();
  client.keepLogTail(tail);
  await client.run('orders', async (run) => {
    await Promise.all(
      [0, 1].map((map_index) => run.step('load', { map_index }, (step) => step.records({ in: 5, out: 5 }))),
    );
    tail.write('connecting as bob@example.com\n');
    await run.step('publish', () => Promise.reject(Object.assign(new Error('gone'), { code: '42703' }))).catch(() => 0);
    await run.step('publish', (step) => step.step('swap', () => undefined));
  });

  const steps = 'select step_name, map_index, attempt, status from pipeline_step_state';
  expect(await asked(`${steps} where map_index >= 0 order by map_index`)).toEqual([
    ['load', 0, 1, 'SUCCESS'],
    ['load', 1, 1, 'SUCCESS'],
  ]);
  expect(await asked(`${steps} where map_index is null order by step_name`)).toEqual([
    ['publish', null, 2, 'SUCCESS'],
    ['publish/swap', null, 1, 'SUCCESS'],
  ]);
  expect(await asked("select error.error_code, extra from pipeline_logs where event_type = 'ERROR'")).toEqual([
    ['D202', expect.stringContaining('connecting as [email]')],
  ]);
  expect(await asked('select status, owner, environment from current_runs')).toEqual([['SUCCESS', 'team-crm', 'test']]);
});

test('a watermark is nothing, then what the last good run covered', async () => {
  expect((await watermark('orders')).last_success_at).toBeUndefined();

  await client.run({ process_name: 'orders', run_id: 'r1', data_interval_end: '2026-11-03' }, () => undefined);
  await client.run({ process_name: 'orders', data_interval_end: '2026-11-04' }, (run) => run.fail('no rows'));

  expect(await watermark('orders', { environment: 'test' })).toMatchObject({
    data_until: new Date('2026-11-03T00:00:00Z'),
    last_success_run_id: 'r1',
  });
  expect((await watermark('orders', { environment: 'prod' })).data_until).toBeUndefined();
  const set = { environment: 'prod', process_name: 'orders', who: 'ada', why: 'the first load was done by hand' };
  await server.ledger.recovery.setWatermark({ ...set, data_until: '2026-10-01T00:00:00.000Z' });
  expect(await watermark('orders', { environment: 'prod' })).toMatchObject({
    ...{ data_until: new Date('2026-10-01T00:00:00Z'), last_success_run_id: undefined },
  });
});
