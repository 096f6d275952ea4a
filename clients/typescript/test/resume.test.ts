import { describe, expect, test } from 'vitest';
import { LedgerUnavailable } from '../src/index.ts';
import { aLedger, aTransport, inShort } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';
import { aServer } from './a-server.ts';

const STARTED = {
  RUNLEDGER_RUN_ID: 'a-try2',
  RUNLEDGER_PIPELINE: 'orders',
  RUNLEDGER_RUN_ATTEMPT: '2',
  RUNLEDGER_PARENT_RUN_ID: 'a',
  RUNLEDGER_FROM_STEP: '2',
  RUNLEDGER_PARAMS: '{"workers":"4"}',
};
const started = (env: Readonly<Record<string, string>> = {}) =>
  aLedger({}, aTransport(), aRuntime({ env: { ...STARTED, ...env } }));

describe('a run that the ledger started again', () => {
  test('is the run that it was started as, and goes on from its failed step', async () => {
    const { ledger, sent } = started();
    const ran: string[] = [];
    await ledger.run('orders', async (run) => {
      expect([run.run_id, run.run_attempt, run.resumeFrom, run.startParams]).toEqual([
        'a-try2',
        2,
        2,
        { workers: '4' },
      ]);
      for (const name of ['extract', 'load']) if (!run.skipIfDone(name)) await run.step(name, () => ran.push(name));
    });
    expect(ran).toEqual(['load']);
    const events = await sent();
    expect(inShort(events)).toEqual([
      'RUN_START RUNNING',
      'STEP_END extract SKIPPED',
      'STEP_START load RUNNING',
      'STEP_END load SUCCESS',
      'RUN_END SUCCESS',
    ]);
    expect(events[1]?.message).toBe('done by a');
  });

  test('is it once: a second run of the pipeline, one of another, and one with an id of its own are not', async () => {
    const { ledger } = started();
    const own = ledger.startRun({ process_name: 'orders', run_id: 'own' });
    const other = ledger.startRun('other');
    const first = ledger.startRun('orders');
    const second = ledger.startRun('orders');
    expect([own, other, first, second].map(({ resumeFrom }) => resumeFrom)).toEqual([
      undefined,
      undefined,
      2,
      undefined,
    ]);
    expect(second.run_id).not.toBe('a-try2');
  });

  test('runs every step when it was told of none to begin with, or of one that cannot be read', () => {
    for (const told of ['', 'two', '-1', '1e9']) {
      const run = started({ RUNLEDGER_FROM_STEP: told, RUNLEDGER_PARAMS: '[not json' }).ledger.startRun('orders');
      expect([run.resumeFrom, run.skipIfDone('extract'), run.startParams]).toEqual([undefined, false, {}]);
    }
  });

  test('is given back the last checkpoint of the run before, or told that the ledger cannot be asked', async () => {
    const columns = [{ name: 'message', type: 'varchar' }];
    await using server = await aServer(() => ({
      status: 200,
      body: JSON.stringify({ columns, rows: [['partition 7']] }),
    }));
    expect(await started({ RUNLEDGER_URL: server.url }).ledger.startRun('orders').lastCheckpoint()).toBe('partition 7');
    expect(server.received.at(-1)?.body).toContain("run_id = 'a' and process_name = 'orders'");
    const away = started({ RUNLEDGER_URL: 'http://127.0.0.1:1' }).ledger.startRun('orders');
    await expect(away.lastCheckpoint()).rejects.toThrow(LedgerUnavailable);
    expect(await aLedger().ledger.startRun('orders').lastCheckpoint()).toBeUndefined();
  });
});
