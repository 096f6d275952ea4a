import { describe, expect, test } from 'vitest';
import { Ledger } from '../src/index.ts';
import { aLedger, aTransport, inShort } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';

const PARENT = { run_id: 'r1', process_name: 'orders', run_attempt: 2, environment: 'prod', root_run_id: 'r0' };
const aChild = (told: string) => aLedger({}, aTransport(), aRuntime({ env: { RUNLEDGER_RUN: told } }));

describe('a child process', () => {
  test('joins the run of its parent by its name: it adds steps, and neither starts nor ends it', async () => {
    const { ledger, sent } = aChild(JSON.stringify({ ...PARENT, step_index: 3 }));

    await ledger.run({ process_name: 'orders' }, (run) => run.step('load', () => undefined));

    const events = await sent();
    expect(inShort(events)).toEqual(['STEP_START load RUNNING', 'STEP_END load SUCCESS']);
    const { root_run_id: _, ...identity } = PARENT;
    expect(events[0]).toMatchObject({ ...identity, step_index: 4 });
  });

  test('that was not told how many steps there were gives its own no order', async () => {
    const { ledger, sent } = aChild(JSON.stringify(PARENT));

    await ledger.run({ process_name: 'orders' }, (run) => run.step('load', () => undefined));

    expect((await sent())[0]?.step_index).toBeUndefined();
  });

  test('names it as the parent of a run of another name', async () => {
    const { ledger, sent } = aChild(JSON.stringify(PARENT));

    await ledger.run({ process_name: 'invoices' }, () => undefined);

    expect((await sent())[0]).toMatchObject({ process_name: 'invoices', parent_run_id: 'r1', root_run_id: 'r0' });
  });

  test.each(['', 'nonsense', '[]', '7', '{"run_id":"r1"}', '{"run_id":"","process_name":"orders"}'])(
    'told %j was told nothing',
    async (told) => {
      const { ledger, sent } = aChild(told);

      await ledger.run({ process_name: 'orders' }, () => undefined);

      expect(inShort(await sent())).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
    },
  );
});

describe('a run', () => {
  test('tells the children of its process while it is the outermost that is open', async () => {
    const { ledger, runtime } = aLedger();
    const told = () => JSON.parse(runtime.env('RUNLEDGER_RUN') ?? 'null');
    const outer = ledger.startRun({ process_name: 'outer', run_id: 'r1', environment: 'prod' });
    const inner = ledger.startRun({ process_name: 'inner', run_id: 'r2' });
    expect(told()).toEqual({ run_id: 'r1', process_name: 'outer', run_attempt: 1, environment: 'prod' });

    await inner.end();
    expect(told()).toMatchObject({ run_id: 'r1' });
    await outer.end();
    expect(told()).toBeNull();
  });

  test('is not its own parent in a second ledger of the process', async () => {
    const { ledger, runtime } = aLedger();
    ledger.startRun({ process_name: 'orders' });
    const transport = aTransport();
    const second = new Ledger({ transport }, runtime);

    await second.run({ process_name: 'orders' }, () => undefined);

    expect(inShort(transport.events)).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
  });

  test('leaves its children what it was told itself', async () => {
    const told = JSON.stringify(PARENT);
    const { ledger, runtime } = aChild(told);

    await ledger.run({ process_name: 'invoices' }, () => undefined);

    expect(runtime.env('RUNLEDGER_RUN')).toBe(told);
  });

  test('has the variable for a child whose steps come after those so far', async () => {
    const { ledger } = aLedger();
    const run = ledger.startRun({ process_name: 'orders', run_id: 'r1' });
    await run.step('extract', () => undefined);
    const child = aChild(run.environ().RUNLEDGER_RUN);

    await child.ledger.run({ process_name: 'orders' }, (joined) => joined.step('load', () => undefined));

    expect((await child.sent())[0]).toMatchObject({ run_id: 'r1', step_index: 2 });
  });
});
