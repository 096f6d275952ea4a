import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { currentRun, currentStep } from '../src/index.ts';
import { aLedger, aTransport } from './a-ledger.ts';
import { aRuntime } from './a-runtime.ts';

describe('a run within a run', () => {
  test('names it as its parent, and the outermost as its root', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'a', run_id: 'r1' }, (run) =>
      run.step('calls', () =>
        ledger.run({ process_name: 'b', run_id: 'r2' }, async () => {
          await turn();
          await ledger.run({ process_name: 'c', run_id: 'r3' }, () => undefined);
        }),
      ),
    );

    const starts = (await sent()).filter((event) => event.event_type === 'RUN_START');
    expect(starts.map((event) => [event.run_id, event.parent_run_id, event.root_run_id])).toEqual([
      ['r1', undefined, undefined],
      ['r2', 'r1', 'r1'],
      ['r3', 'r2', 'r1'],
    ]);
  });

  test('keeps the parent that it is given', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'a' }, () =>
      ledger.run({ process_name: 'b', parent_run_id: 'x', root_run_id: 'y' }, () => undefined),
    );

    expect((await sent())[1]).toMatchObject({ process_name: 'b', parent_run_id: 'x', root_run_id: 'y' });
  });

  test('is a run of its own, also in a child process and under the name that would join', async () => {
    const told = JSON.stringify({ run_id: 'r1', process_name: 'a' });
    const { ledger, sent } = aLedger({}, aTransport(), aRuntime({ env: { RUNLEDGER_RUN: told } }));

    await ledger.run({ process_name: 'a' }, () => ledger.run({ process_name: 'a', run_id: 'r2' }, () => undefined));

    expect((await sent())[0]).toMatchObject({ event_type: 'RUN_START', run_id: 'r2', parent_run_id: 'r1' });
  });
});

test('code finds the run and the step that it runs in, whatever runs beside it', async () => {
  const { ledger } = aLedger();
  const here = async () => {
    await turn();
    return [currentRun()?.process_name, currentStep()?.step_name];
  };

  const found = await Promise.all([
    here(),
    ledger.run({ process_name: 'a' }, here),
    ledger.run({ process_name: 'b' }, (run) => Promise.all([run.step('x', here), run.step('y', here)])),
  ]);

  expect(found).toEqual([
    [undefined, undefined],
    ['a', undefined],
    [
      ['b', 'x'],
      ['b', 'y'],
    ],
  ]);
});

test('a run that has ended is nobody’s parent', async () => {
  const { ledger, sent } = aLedger();

  await ledger.run({ process_name: 'a' }, async (run) => {
    await run.end();
    await ledger.run({ process_name: 'b' }, () => undefined);
  });

  expect((await sent()).find((event) => event.process_name === 'b')?.parent_run_id).toBeUndefined();
});
