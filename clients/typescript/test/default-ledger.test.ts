import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  asPipeline,
  asStep,
  close,
  configure,
  currentRun,
  flush,
  logTail,
  type RecordingTransport,
  recordingTransport,
  run,
  startRun,
  stats,
  step,
} from '../src/index.ts';

let sent: RecordingTransport;
let problems: string[];
beforeEach(() => {
  sent = recordingTransport();
  problems = [];
  configure({ transport: sent, context: false, onError: (error) => problems.push(error.message) });
});
afterEach(() => close());

describe('the ledger of the process', () => {
  test('takes runs and steps from anywhere in it', async () => {
    const load = async (rows: number) => step('load', (one) => one.records({ out: rows }));
    await run('orders', async () => {
      await step('extract', () => step('page', { map_index: 1 }, () => undefined));
      await load(5);
    });

    expect(sent.inShort()).toEqual([
      'RUN_START RUNNING',
      'STEP_START extract RUNNING',
      'STEP_START extract/page RUNNING',
      'STEP_END extract/page SUCCESS',
      'STEP_END extract SUCCESS',
      'STEP_START load RUNNING',
      'STEP_END load SUCCESS',
      'RUN_END SUCCESS',
    ]);
    expect(sent.ofType('STEP_END').at(-1)).toMatchObject({ records_out: 5 });
    expect(stats()).toMatchObject({ emitted: 8, sent: 8 });
  });

  test('finds the only run that is open, for code that is in no function of it', async () => {
    const orders = startRun({ process_name: 'orders', run_id: 'r1' });
    await step('load', () => undefined);
    await orders.end();

    expect(sent.ofType('STEP_END')).toMatchObject([{ run_id: 'r1', step_name: 'load' }]);
  });

  test('does not guess between two runs, and the step is done all the same', async () => {
    const runs = [startRun('orders'), startRun('invoices')];
    expect(await step('load', () => 42)).toBe(42);
    for (const one of runs) await one.end();

    expect(sent.ofType('STEP_START')).toEqual([]);
    expect(problems).toEqual(['`step`: expected a run to be open where the step is; it is not recorded, got "load"']);
  });

  test('is another one after it was configured again, and the former is closed', async () => {
    await run('before', () => undefined);
    const second = recordingTransport();
    configure({ transport: second, context: false });
    await run('after', () => undefined);

    expect(sent.events.map(({ process_name }) => process_name)).toEqual(['before', 'before']);
    expect(second.events.map(({ process_name }) => process_name)).toEqual(['after', 'after']);
  });

  test('sends events of your own, masked and numbered', async () => {
    configure({ transport: sent }).send({
      event_type: 'RUN_END',
      run_id: 'r1',
      process_name: 'a',
      note: 'bob@example.com',
      no: null,
    });
    await flush();

    expect(sent.events).toMatchObject([{ event_type: 'RUN_END', note: '[email]', producer: { seq: 1 } }]);
    expect(sent.events[0]).not.toHaveProperty('no');
  });

  test('sends the tail of the log with errors, also after it was configured again', async () => {
    const tail = logTail();
    configure({ transport: sent, context: false });
    tail.write('reading\n');
    await run('orders', (open) => open.error('odd'));

    expect(sent.ofType('ERROR')).toMatchObject([{ log_tail: ['reading'] }]);
  });
});

describe('functions', () => {
  test('are pipelines and steps by their names, with their arguments, values and errors', async () => {
    const load = asStep(async function load(rows: number) {
      return rows + 1;
    });
    const orders = asPipeline({ process_name: 'orders', owner: 'team-crm' }, (rows: number) => load(rows));
    const broken = asPipeline(function invoices() {
      throw new TypeError('no rows');
    });

    expect(await orders(4)).toBe(5);
    await expect(broken()).rejects.toThrow(new TypeError('no rows'));

    expect(sent.events.map((event) => [event.event_type, event.process_name, event.step_name, event.status])).toEqual([
      ['RUN_START', 'orders', undefined, 'RUNNING'],
      ['STEP_START', 'orders', 'load', 'RUNNING'],
      ['STEP_END', 'orders', 'load', 'SUCCESS'],
      ['RUN_END', 'orders', undefined, 'SUCCESS'],
      ['RUN_START', 'invoices', undefined, 'RUNNING'],
      ['ERROR', 'invoices', undefined, undefined],
      ['RUN_END', 'invoices', undefined, 'FAILED'],
    ]);
    expect(sent.events[0]).toMatchObject({ owner: 'team-crm' });
  });

  test('keep their `this`, and are runs of their own for each call', async () => {
    class Job {
      readonly rows = 3;
      readonly load = asPipeline('load', function (this: Job) {
        return [this.rows, currentRun()?.run_id];
      } as () => [number, string]);
    }
    const job = new Job();
    const [[rows, first], [, second]] = await Promise.all([job.load(), job.load()]);

    expect(rows).toBe(3);
    expect(first).not.toBe(second);
  });
});
