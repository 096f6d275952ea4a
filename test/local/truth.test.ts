import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';

let dir: string;
let ledger: FolderLedger;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  ledger = await openLedger({ dir, onError: (error) => expect.unreachable(String(error)) });
});
afterEach(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const send = (...lines: readonly unknown[]) =>
  ledger.send([Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'))]);
const rows = async (sql: string) => (await ledger.query(sql)).rows;

/** As a dbt project reports: a step for each model, and nothing of the run itself. */
const models = (count: number, lastStatus: string) =>
  Array.from({ length: count }, (_, at) => ({
    process_name: 'dbt',
    run_id: 'models',
    event_type: 'STEP_END',
    step_name: `model_${String(at).padStart(3, '0')}`,
    status: at === count - 1 ? lastStatus : 'SUCCESS',
    created_at: '2025-11-03T12:00:00.000Z',
  }));

test('a run of more steps than a live run keeps stands as the tables say, once they have it', async () => {
  await send(...models(70, 'FAILED'));
  await ledger.settle();
  expect(await ledger.runs({ limit: 1 })).toMatchObject([{ status: 'FAILED', steps: 70 }]);
  expect(await ledger.show({ run_id: 'models' })).toMatchObject([{ run: { status: 'FAILED', steps: 70 } }]);
  expect(await ledger.runs({ open: true, limit: 1 })).toEqual([]);
});

test('an event without a time may be sent again, and changes nothing', async () => {
  const [start, end] = [
    { process_name: 'c', run_id: '1', event_type: 'RUN_START' },
    { process_name: 'c', run_id: '1', event_type: 'RUN_END', status: 'SUCCESS' },
  ];
  await send(start, end);
  await ledger.settle();
  const before = [await ledger.runs({ limit: 1 }), await rows('select * from current_runs')];
  await send(start);
  await send(end, start);
  await ledger.settle();
  expect([await ledger.runs({ limit: 1 }), await rows('select * from current_runs')]).toEqual(before);
  expect(await rows('select count(*) from pipeline_logs')).toEqual([[2]]);
  expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true });
});

test('the same heartbeat without a time is a new sign of life each time', async () => {
  const beat = { process_name: 'c', run_id: '1', event_type: 'HEARTBEAT' };
  await send(beat);
  expect(await rows('select count(*) from pipeline_logs')).toEqual([[1]]);
  await send(beat);
  expect(await rows('select count(*) from pipeline_logs')).toEqual([[2]]);
});

test('a lost run is counted as lost, and is not under way', async () => {
  await send(
    { process_name: 'p', run_id: 'lost', event_type: 'RUN_START', created_at: '2025-11-03T12:00:00.000Z' },
    { process_name: 'p', run_id: 'alive', event_type: 'RUN_START' },
  );
  await ledger.settle();
  expect(await ledger.summary()).toMatchObject({ open_runs: 1, lost_runs: 1 });
  expect((await ledger.runs({ open: true, alive: true, limit: 9 })).map(({ run_id }) => run_id)).toEqual(['alive']);
  expect(await rows('select run_id from active_runs')).toEqual([['alive']]);
});

test('the runs of a ledger from before lineage was kept are derived again when it opens', async () => {
  await send({
    process_name: 'c',
    run_id: '1',
    event_type: 'RUN_END',
    status: 'SUCCESS',
    created_at: '2025-11-03T12:00:00.000Z',
    input_sources: [{ type: 's3', path: 's3://in' }],
    output_targets: [{ type: 'delta', path: 's3://out' }],
  });
  await ledger.settle();
  await ledger.close();
  const instance = await DuckDBInstance.create(join(dir, 'lake.duckdb'));
  const connection = await instance.connect();
  for (const column of ['input_sources', 'output_targets'])
    await connection.run(`alter table pipeline_run_state drop column ${column}`);
  connection.closeSync();
  instance.closeSync();

  ledger = await openLedger({ dir, onError: (error) => expect.unreachable(String(error)) });
  expect(await rows('select source_path, target_path, run_date from lineage_edges')).toEqual([
    ['s3://in', 's3://out', '2025-11-03'],
  ]);
});
