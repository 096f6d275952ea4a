import { describe, expect, test } from 'vitest';
import { aLedger, inShort } from './a-ledger.ts';

describe('a step', () => {
  test('starts, ends with what it counted and how long it took, and returns what its function returns', async () => {
    const { ledger, runtime, sent } = aLedger();
    await using run = ledger.startRun({ process_name: 'orders' });

    const value = await run.step('load', (step) => {
      step.count({ records_out: 3 });
      runtime.advance(40);
      return 'loaded';
    });

    expect(value).toBe('loaded');
    expect((await sent())[2]).toMatchObject({
      event_type: 'STEP_END',
      step_name: 'load',
      step_index: 1,
      attempt: 1,
      status: 'SUCCESS',
      records_out: 3,
      duration_ms: 40,
    });
  });

  test('is numbered by the order in which steps first started, also when they run in parallel', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, async (run) => {
      await Promise.all([run.step('a', () => Promise.resolve()), run.step('b', () => undefined)]);
      await run.step('c', { step_index: 10 }, () => undefined);
      await run.step('d', () => undefined);
    });

    const starts = (await sent()).filter((event) => event.event_type === 'STEP_START');
    expect(starts.map((event) => [event.step_name, event.step_index])).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 10],
      ['d', 11],
    ]);
  });

  test('run again under its name is its next try, at its place', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, async (run) => {
      await run.step('load', () => Promise.reject(new Error('reset'))).catch(() => undefined);
      await run.step('other', () => undefined);
      await run.step('load', () => undefined);
      await run.step('load', { attempt: 7 }, () => undefined);
    });

    const ends = (await sent()).filter((event) => event.event_type === 'STEP_END' && event.step_name === 'load');
    expect(ends.map((event) => [event.step_index, event.attempt, event.status])).toEqual([
      [1, 1, 'FAILED'],
      [1, 2, 'SUCCESS'],
      [1, 7, 'SUCCESS'],
    ]);
  });

  test('that throws tells the error and throws the same object on, whatever it is', async () => {
    const { ledger, sent } = aLedger();
    await using run = ledger.startRun({ process_name: 'orders' });
    run.succeed();

    for (const thrown of [new Error('x'), 'text', 7, null, undefined, { error_code: 'E1' }]) {
      const caught = await run
        .step('load', () => Promise.reject(thrown))
        .then(
          () => expect.unreachable(),
          (error: unknown) => error,
        );
      expect(caught).toBe(thrown);
    }

    const ends = (await sent()).filter((event) => event.event_type === 'STEP_END');
    expect(ends.map((event) => event.error?.error_code)).toEqual(['U900', 'U900', 'U900', 'U900', 'U900', 'E1']);
    expect(ends.map((event) => event.error?.message)).toEqual([
      'x',
      'text',
      '7',
      'null',
      'undefined',
      '{"error_code":"E1"}',
    ]);
  });

  test('can be skipped by itself or not be run at all', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, async (run) => {
      await run.step('load', (step) => step.skip('nothing new'));
      run.skipStep('publish', 'load had nothing');
    });

    const events = await sent();
    expect(inShort(events)).toEqual([
      'RUN_START RUNNING',
      'STEP_START load RUNNING',
      'STEP_END load SKIPPED',
      'STEP_END publish SKIPPED',
      'RUN_END SUCCESS',
    ]);
    expect(events[3]).toMatchObject({ step_index: 2, attempt: 1, message: 'load had nothing' });
  });

  test('that is said to have failed ends FAILED though its function returned, and so does an unsettled run', async () => {
    const { ledger, sent } = aLedger();
    const run = ledger.startRun({ process_name: 'orders' });

    const value = await run.step('check', (step) => {
      step.fail('3 of 10 rows are wrong');
      return 'carried on';
    });
    await run.end();

    expect(value).toBe('carried on');
    expect(inShort(await sent()).slice(-3)).toEqual(['ERROR check', 'STEP_END check FAILED', 'RUN_END FAILED']);
  });

  test('within a step is called by both names, whatever is done beside it', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, (run) =>
      run.step('load', async (load) => {
        await load.step('read', { map_index: 3 }, (read) => read.step('page', () => undefined));
        await load.step('write', () => undefined);
      }),
    );

    const ends = (await sent()).filter((event) => event.event_type === 'STEP_END');
    expect(ends.map((event) => [event.step_name, event.map_index])).toEqual([
      ['load/read/page', undefined],
      ['load/read', 3],
      ['load/write', undefined],
      ['load', undefined],
    ]);
  });

  test('that is not one function is started and ended, once', async () => {
    const { ledger, sent } = aLedger();
    const run = ledger.startRun({ process_name: 'orders' });
    const step = run.startStep('load');
    step.records({ in: 5, out: 4n });
    step.bytes({ out: 100 });
    step.metrics({ lag: 1.5, files: 2 });
    step.end();
    step.end();
    await run.end();

    const events = await sent();
    expect(inShort(events)).toEqual([
      'RUN_START RUNNING',
      'STEP_START load RUNNING',
      'STEP_END load SUCCESS',
      'RUN_END SUCCESS',
    ]);
    expect(events[2]).toMatchObject({
      records_in: 5,
      records_out: 4,
      data_size_bytes_out: 100,
      metrics: { lag: 1.5, files: 2 },
    });
  });

  test('that is over already is one event with what is known of it', async () => {
    const { ledger, sent } = aLedger();
    const run = ledger.startRun({ process_name: 'orders' });
    run.addStep('load', 'SUCCESS', { records_out: 5, duration_ms: 1200, when: new Date(0) });
    run.addStep('publish', 'FAILED', { password: 'hunter2' });
    await run.end();

    const events = await sent();
    expect(inShort(events).slice(1)).toEqual(['STEP_END load SUCCESS', 'STEP_END publish FAILED', 'RUN_END SUCCESS']);
    expect(events[1]).toMatchObject({
      records_out: 5,
      duration_ms: 1200,
      when: '1970-01-01T00:00:00.000Z',
      step_index: 1,
    });
    expect(JSON.stringify(events)).not.toContain('hunter2');
  });
});
