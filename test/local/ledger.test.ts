import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { pack, plainObjects } from '../../adapters/file-system/packed-file.ts';
import { resentLine } from '../../core/accept/resent-line.ts';
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
  ledger.send([Buffer.from(lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))]);
const column = async (sql: string) => (await ledger.query(sql)).rows.map((row) => row[0]);

const identity = { process_name: 'customer_daily', run_id: 'run-1' };
const started = { ...identity, event_type: 'RUN_START', created_at: '2025-11-03T23:59:00.000Z' };
const ended = {
  ...identity,
  event_type: 'RUN_END',
  status: 'SUCCESS',
  created_at: '2025-11-04T00:10:00.000Z',
  records_out: 7,
};

describe('the way of the data', () => {
  test('an event that was answered is in the live runs and, once settled, in every table', async () => {
    expect(await send(started, ended, 'not json')).toMatchObject({ received: 3, accepted: 2, rejected: 1 });
    expect(await ledger.show({ run_id: 'run-1' })).toMatchObject([
      { run: { status: 'SUCCESS', records_out: 7, duration_ms: 660_000 } },
    ]);
    expect(await column('select count(*) from pipeline_logs')).toEqual([2]);
    expect(await column('select status from current_runs')).toEqual(['SUCCESS']);
    expect(await column('select total_runs from job_metrics')).toEqual([1]);
    expect(await column('select kind from rejections')).toEqual(['not_json']);
  });

  describe('a rejection', () => {
    const rows = async () =>
      (await ledger.query('select rejection_key, kind, state, decision_reason, decided_by from rejections')).rows;
    const resend = (rejection_key: unknown, line: string) =>
      ledger.send([Buffer.from(resentLine({ rejection_key: String(rejection_key), line }))]);

    test('that is resent and rejected again is one rejection, also when its line was not UTF-8', async () => {
      await ledger.send([Buffer.from([0x68, 0xff, 0x0a])]);
      const [[key, kind, state] = []] = await rows();
      expect([kind, state]).toEqual(['not_json', 'open']);
      const [payload] = await column('select payload from rejections');
      await resend(key, String(payload));
      expect(await rows()).toEqual([[key, 'not_json', 'open', null, null]]);
    });

    test('that is resent and accepted is closed, and its event is there', async () => {
      await send({ run_id: 'run-1', event_type: 'RUN_START' });
      const [[key] = []] = await rows();
      await resend(key, JSON.stringify(started));
      expect(await rows()).toEqual([[key, 'missing_identity', 'accepted', null, null]]);
      expect(await column('select run_id from pipeline_logs')).toEqual(['run-1']);
    });

    test('that is dismissed stays so, also after a rebuild, and until it is accepted', async () => {
      await send('not json', 'no json either');
      const [[key] = [], [other] = []] = await rows();
      await ledger.dismiss({ keys: [String(key)], reason: 'mine: password=hunter2secret', who: 'ada' });
      await ledger.rebuild({ verify: false });
      const dismissed = [key, 'not_json', 'dismissed', 'mine: password=[secret]', 'ada'];
      expect((await rows()).toSorted()).toEqual([dismissed, [other, 'not_json', 'open', null, null]].toSorted());
      await send('not json');
      expect(await rows()).toContainEqual(dismissed);
      await resend(key, JSON.stringify(started));
      expect(await rows()).toContainEqual([key, 'not_json', 'accepted', null, null]);
    });

    test('of 3 MB is listed beside the others, and whole under oversize/', async () => {
      await send('x'.repeat(3_000_000), 'not json', '\0'.repeat(1_000_000));
      expect(await column('select kind from rejections')).toEqual(['not_json', 'not_json', 'not_json']);
      const [day] = readdirSync(join(dir, 'oversize'));
      const sizes = readdirSync(join(dir, 'oversize', day ?? '')).map(
        (file) => readFileSync(join(dir, 'oversize', day ?? '', file)).length,
      );
      expect(sizes).toEqual([3_000_000, 3_000_000]);
    });

    test('that cannot be read does not hide the others', async () => {
      await send('not json');
      writeFileSync(
        join(dir, 'rejected', 'odd.ndjson'),
        Buffer.from([0x7b, 0xff, 0x0a, ...Buffer.alloc(3_000_000, 0x78)]),
      );
      expect(await column('select kind from rejections')).toEqual(['not_json']);
    });
  });

  test('a line too large to land uncut is kept whole before its event is answered', async () => {
    await send({ ...started, message: 'x'.repeat(300_000) });
    const [key] = await column('select event_key from pipeline_logs');
    const [day] = readdirSync(join(dir, 'oversize'));
    const whole = JSON.parse(readFileSync(join(dir, 'oversize', day ?? '', `${key}.json`), 'utf8'));
    expect(whole.message).toHaveLength(300_000);
  });

  test('the same batch sent twice is there once, and counted', async () => {
    await send(started, ended);
    await send(started, ended);
    await ledger.settle();
    expect(await column('select count(*) from pipeline_logs')).toEqual([2]);
    expect((await ledger.summary()).lines).toEqual({
      lines: 4,
      inserted: 2,
      duplicates: 2,
      unreadable: 0,
      unaccepted: 0,
    });
  });

  test('an end that arrives before its start, across midnight, moves the one row of the run', async () => {
    await send(ended);
    expect(await column('select cast(run_date as varchar) from pipeline_run_state')).toEqual(['2025-11-04']);
    expect(await column('select cast(run_date as varchar) from job_metrics')).toEqual(['2025-11-04']);
    await send(started);
    expect(await column('select cast(run_date as varchar) from pipeline_run_state')).toEqual(['2025-11-03']);
    expect(await column('select cast(run_date as varchar) from job_metrics')).toEqual(['2025-11-03']);
  });

  test('events of 150 different days in one batch', async () => {
    const days = Array.from({ length: 150 }, (_, day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString());
    await send(...days.map((created_at, day) => ({ ...started, run_id: `run-${day}`, created_at })));
    expect(await column('select count(*) from pipeline_run_state')).toEqual([150]);
    expect(await column('select count(distinct run_date) from job_metrics')).toEqual([150]);
  });

  test('a step that is named with two indexes and without one is three steps, however often its run is derived', async () => {
    const step = { ...started, event_type: 'STEP_START', step_name: 'load' };
    for (const step_index of [undefined, 1, 2]) {
      await send({ ...step, step_index });
      await ledger.settle();
    }
    await send({ ...started, created_at: '2025-11-03T23:59:30.000Z' });
    expect(await column('select step_index from pipeline_step_state order by 1')).toEqual([1, 2, null]);
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true });
  });

  test('two pipelines with one run id are two runs', async () => {
    await send(started, { ...started, process_name: 'other' });
    expect(await ledger.show({ run_id: 'run-1' })).toHaveLength(2);
    expect(await column('select count(*) from pipeline_run_state')).toEqual([2]);
  });

  test('names of SQL and control characters come back as they went in', async () => {
    const name = "x'; drop table pipeline_logs; --\t\u001b[31m\u{1F600}";
    await send({ ...started, process_name: name });
    expect(await column('select process_name from pipeline_run_state')).toEqual([name]);
  });
});

describe('starting again', () => {
  test('what was answered is still there after a stop', async () => {
    await send(started);
    await ledger.close();
    ledger = await openLedger({ dir });
    expect(await column('select count(*) from pipeline_logs')).toEqual([1]);
  });

  test('lines somebody put into raw/ by hand are counted and accepted', async () => {
    await ledger.close();
    const folder = join(dir, 'raw', 'dt=2025-11-03', 'hh=12');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'by-hand.ndjson'), `${JSON.stringify(started)}\n\nnot json\n`);
    ledger = await openLedger({ dir });
    await ledger.settle();
    expect((await ledger.summary()).lines).toMatchObject({ inserted: 0, unaccepted: 3 });
    expect(await column('select run_id from current_runs')).toEqual(['run-1']);
    expect(await column('select kind from rejections')).toEqual(['not_json']);
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true });
  });

  test('a second ledger on the same folder is refused with one clear line', async () => {
    await expect(openLedger({ dir })).rejects.toThrow(/another ledger is using/);
  });
});

describe('rebuild', () => {
  test('verify finds the tables identical to what the raw lines say', async () => {
    await send(started, ended, { ...started, run_id: 'run-2' });
    await send(ended);
    const report = await ledger.rebuild({ verify: true });
    expect(report).toMatchObject({ identical: true, swapped: false });
    expect(report.tables.map(({ table, rows }) => [table, rows])).toEqual([
      ['pipeline_logs', 3],
      ['pipeline_run_state', 2],
      ['pipeline_steps', 0],
      ['job_metrics', 1],
    ]);
  });

  async function damage(statement: string): Promise<void> {
    await ledger.close();
    const instance = await DuckDBInstance.create(join(dir, 'lake.duckdb'));
    const connection = await instance.connect();
    await connection.run(statement);
    connection.closeSync();
    instance.closeSync();
    ledger = await openLedger({ dir });
  }
  const arrivalDay = () => readdirSync(join(dir, 'raw'))[0]?.slice('dt='.length);

  test('a damaged table is noticed, and put right from the raw lines', async () => {
    await send(started, ended);
    await ledger.settle();
    await damage("update pipeline_run_state set status = 'FAILED'");
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: false, swapped: false });
    expect(await ledger.rebuild({ verify: false })).toMatchObject({ identical: false, swapped: true });
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true });
    expect(await column('select status from current_runs')).toEqual(['SUCCESS']);
  });

  test('rows of an arrival day that are missing are noticed, and put back with their runs', async () => {
    await send(started, ended, { ...started, run_id: 'run-2' });
    await ledger.settle();
    await damage("delete from pipeline_logs where event_type = 'RUN_END'");
    const day = arrivalDay();
    expect(await ledger.rebuild({ day, verify: true })).toMatchObject({
      identical: false,
      tables: [{ rows: 2, rebuilt_rows: 3 }],
    });
    expect(await ledger.rebuild({ day, verify: false })).toMatchObject({ swapped: true });
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true });
  });

  test('packed raw files are what they were: nothing is missed, changed or taken twice, and everything is built from them', async () => {
    await send(started, ended);
    await ledger.settle();
    for (const object of plainObjects(dir, 'raw')) await pack(dir, object);
    expect(plainObjects(dir, 'raw')).toEqual([]);
    expect(await ledger.inspect()).toMatchObject({ raw: { objects: 1, missing: [], changed: [], unrecorded: [] } });
    expect(await ledger.rebuild({ verify: true })).toMatchObject({ identical: true, objects: 1, lines: 2 });
    await ledger.close();
    for (const file of ['lake.duckdb', 'live.sqlite']) rmSync(join(dir, file));
    ledger = await openLedger({ dir });
    expect(await column('select count(*) from pipeline_logs')).toEqual([2]);
    expect(await column('select status from current_runs')).toEqual(['SUCCESS']);
    expect(await ledger.summary()).toMatchObject({ lines: { lines: 2, inserted: 2 } });
  });

  test('raw lines that were deleted on purpose are not missed, and nothing is built from what is left', async () => {
    await send(started, ended);
    await ledger.settle();
    for (const day of readdirSync(join(dir, 'raw'))) rmSync(join(dir, 'raw', day), { recursive: true });
    expect((await ledger.inspect()).raw.missing).toHaveLength(1);
    writeFileSync(join(dir, 'settings', 'raw-kept-from'), '2999-01-01');
    expect((await ledger.inspect()).raw.missing).toEqual([]);
    for (const verify of [true, false]) {
      await expect(ledger.rebuild({ verify })).rejects.toThrow(
        'that arrived before 2999-01-01 were deleted (--keep-raw-days)',
      );
    }
    expect(await column('select count(*) from pipeline_logs')).toEqual([2]);
  });

  test('raw lines that are missing take no good rows with them', async () => {
    await send(started, ended);
    await ledger.settle();
    const folder = join(dir, 'raw');
    const objects = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ndjson'),
    );
    for (const object of objects) rmSync(join(folder, object));
    await expect(ledger.rebuild({ verify: false })).rejects.toThrow(
      'the raw files hold 0 lines in 0 objects, but 2 were recorded when they landed; nothing was changed',
    );
    expect(await column('select count(*) from pipeline_logs')).toEqual([2]);
  });
});
