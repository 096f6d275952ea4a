import { describe, expect, test } from 'vitest';
import { aLedger, inShort } from './a-ledger.ts';
import { START_MS } from './a-runtime.ts';

describe('a run', () => {
  test('carried out by ledger.run starts, ends SUCCESS, and returns what its function returns', async () => {
    const { ledger, sent } = aLedger();

    const value = await ledger.run({ process_name: 'orders' }, () => 42);

    expect(value).toBe(42);
    expect(inShort(await sent())).toEqual(['RUN_START RUNNING', 'RUN_END SUCCESS']);
  });

  test('has been sent when ledger.run returns', async () => {
    const { ledger, transport } = aLedger();

    await ledger.run({ process_name: 'orders' }, () => undefined);

    expect(transport.events).toHaveLength(2);
  });

  test('whose function throws ends FAILED, and the same error is thrown on', async () => {
    const { ledger, sent } = aLedger();
    const error = new Error('no such table');

    const run = ledger.run({ process_name: 'orders' }, () => {
      throw error;
    });

    await expect(run).rejects.toBe(error);
    const events = await sent();
    expect(inShort(events)).toEqual(['RUN_START RUNNING', 'ERROR', 'RUN_END FAILED']);
    expect(events[2]?.error).toMatchObject({ error_code: 'U900', message: 'no such table' });
  });

  test('tells an error that came out of a step once', async () => {
    const { ledger, sent } = aLedger();

    await ledger
      .run({ process_name: 'orders' }, (run) =>
        run.step('load', () => {
          throw new Error('no such table');
        }),
      )
      .catch(() => undefined);

    expect(inShort(await sent())).toEqual([
      'RUN_START RUNNING',
      'STEP_START load RUNNING',
      'ERROR load',
      'STEP_END load FAILED',
      'RUN_END FAILED',
    ]);
  });

  test('whose function got over a failed step is a SUCCESS: it returned', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, async (run) => {
      await run.step('enrich', () => Promise.reject(new Error('optional'))).catch(() => undefined);
    });

    expect(inShort(await sent()).at(-1)).toBe('RUN_END SUCCESS');
  });

  test('that was said to have failed ends FAILED though its function returned', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, (run) => run.fail('too few rows', { error_code: 'D210' }));

    const end = (await sent()).at(-1);
    expect(end).toMatchObject({
      status: 'FAILED',
      error: { error_code: 'D210', message: 'too few rows', retryable: false },
    });
  });

  test('can end in other ways, with a word why', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, (run) => run.end('SKIPPED', 'no new files'));

    const events = await sent();
    expect(inShort(events)).toEqual(['RUN_START RUNNING', 'RUN_END SKIPPED']);
    expect(events[1]?.message).toBe('no new files');
  });

  test('carries in its START and its END what describes it, times as ISO text and params as text', async () => {
    const { ledger, sent } = aLedger({ owner: 'team-crm', tags: { team: 'crm' } });

    await ledger.run(
      {
        process_name: 'orders',
        run_id: 'orders-2026-11-03',
        run_attempt: 2,
        process_type: 'loader',
        scheduled_for: new Date(START_MS),
        params: { batch_date: '2026-11-03', limit: 10, full: true, regions: ['eu', 'us'], none: null },
        tags: { priority: 1 },
        sla: { expected_max_duration_ms: 60_000 },
        cluster: { cluster_id: 'c-1', executor_count: 4 },
      },
      () => undefined,
    );

    const described = {
      run_id: 'orders-2026-11-03',
      run_attempt: 2,
      process_type: 'loader',
      owner: 'team-crm',
      scheduled_for: '2026-11-03T12:00:00.000Z',
      params: { batch_date: '2026-11-03', limit: '10', full: 'true', regions: '["eu","us"]' },
      tags: { team: 'crm', priority: '1' },
      cluster: { cluster_id: 'c-1', executor_count: 4 },
    };
    const [start, end] = await sent();
    expect(start).toMatchObject({ ...described, sla: { expected_max_duration_ms: 60_000 } });
    expect(end).toMatchObject({ ...described, sla: { expected_max_duration_ms: 60_000, sla_missed: false } });
    expect(start?.params).not.toHaveProperty('none');
  });

  test('measures its duration on a clock that never goes back, and sees its SLA missed', async () => {
    const { ledger, runtime, sent } = aLedger();

    await ledger.run({ process_name: 'orders', sla: { expected_max_duration_ms: 1_000 } }, () => {
      runtime.advance(2_500);
      runtime.setWallClock(START_MS - 3_600_000);
    });

    expect((await sent()).at(-1)).toMatchObject({
      start_time: '2026-11-03T12:00:00.000Z',
      end_time: '2026-11-03T11:00:00.000Z',
      duration_ms: 2_500,
      sla: { sla_missed: true },
    });
  });

  test('names its environment in every event, from itself, its tags, or the ledger', async () => {
    const { ledger, sent } = aLedger({ environment: 'prod' });

    await ledger.run({ process_name: 'a', environment: 'dev', tags: { env: 'staging' } }, (run) => run.heartbeat());
    await ledger.run({ process_name: 'b', tags: { env: 'staging' } }, (run) => run.heartbeat());
    await ledger.run({ process_name: 'c' }, (run) => run.heartbeat());

    const named = (await sent()).map((event) => `${event.process_name} ${event.environment}`);
    expect(new Set(named)).toEqual(new Set(['a dev', 'b staging', 'c prod']));
  });

  test('counts, measures and tells lineage; its END carries the sums', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders' }, (run) => {
      run.count({ records_in: 10, data_size_bytes_in: 1_000n });
      run.count({ records_in: 5, records_out: 0 });
      run.metric('rows_per_second', 12.5);
      run.source({ type: 's3', path: 's3://raw/orders', records: 15 });
      run.target({ type: 'delta', path: 's3://lake/orders', partition: 'date=2026-11-03' });
    });

    const end = (await sent()).at(-1);
    expect(end).toMatchObject({
      records_in: 15,
      records_out: 0,
      data_size_bytes_in: 1_000,
      metrics: { rows_per_second: 12.5 },
      input_sources: [{ type: 's3', path: 's3://raw/orders', records: 15 }],
      output_targets: [{ type: 'delta', path: 's3://lake/orders', partition: 'date=2026-11-03' }],
    });
    expect(end).not.toHaveProperty('data_size_bytes_out');
  });

  test('tells of quality, checkpoints, heartbeats and errors at once', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'orders', heartbeat_interval_ms: 30_000 }, (run) => {
      run.quality({ dataset: 'orders', check_name: 'not_empty', success: true, expected: 1, records_checked: 3 });
      run.checkpoint('half way', { rows: 50 });
      run.heartbeat('still loading');
      run.error(new Error('try 1 of 3'), { error_code: 'T101', retryable: true });
    });

    const [, quality, checkpoint, heartbeat, error, end] = await sent();
    expect(quality).toMatchObject({
      event_type: 'QUALITY',
      quality: [{ dataset: 'orders', check_name: 'not_empty', success: true, expected: '1', records_checked: 3 }],
    });
    expect(checkpoint).toMatchObject({ event_type: 'CHECKPOINT', message: 'half way', metrics: { rows: 50 } });
    expect(heartbeat).toMatchObject({ message: 'still loading', heartbeat_interval_ms: 30_000 });
    expect(error).toMatchObject({ event_type: 'ERROR', error: { error_code: 'T101', retryable: true } });
    expect(end?.status).toBe('SUCCESS');
  });
});

describe('a run with `await using`', () => {
  test('ends SUCCESS when its block ends', async () => {
    const { ledger, sent } = aLedger();
    {
      await using run = ledger.startRun({ process_name: 'orders' });
      await run.step('load', () => undefined);
    }
    expect(inShort(await sent()).at(-1)).toBe('RUN_END SUCCESS');
  });

  test('ends FAILED when a step threw, with its error, and the error passes on', async () => {
    const { ledger, sent } = aLedger();
    const error = new Error('no such table');
    const block = async () => {
      await using run = ledger.startRun({ process_name: 'orders' });
      await run.step('load', () => Promise.reject(error));
    };

    await expect(block()).rejects.toBe(error);
    expect((await sent()).at(-1)).toMatchObject({ status: 'FAILED', error: { message: 'no such table' } });
  });

  test('ends SUCCESS when a later try of the failed step succeeded', async () => {
    const { ledger, sent } = aLedger();
    {
      await using run = ledger.startRun({ process_name: 'orders' });
      await run.step('load', () => Promise.reject(new Error('try 1'))).catch(() => undefined);
      await run.step('load', () => undefined);
    }
    expect((await sent()).at(-1)).toMatchObject({ event_type: 'RUN_END', status: 'SUCCESS' });
  });

  test('ends as was said, whatever became of its steps', async () => {
    const { ledger, sent } = aLedger();
    {
      await using run = ledger.startRun({ process_name: 'orders' });
      await run.step('enrich', () => Promise.reject(new Error('optional'))).catch(() => undefined);
      run.succeed();
    }
    const end = (await sent()).at(-1);
    expect(end?.status).toBe('SUCCESS');
    expect(end).not.toHaveProperty('error');
  });

  test('ends FAILED while a step is still running, and says which', async () => {
    const { ledger, sent } = aLedger();
    let finish = () => {};
    let step: Promise<void> | undefined;
    {
      await using run = ledger.startRun({ process_name: 'orders' });
      step = run.step('load', () => new Promise<void>((resolve) => (finish = resolve)));
    }
    finish();
    await step;

    const events = await sent();
    expect(inShort(events).slice(-2)).toEqual(['RUN_END FAILED', 'STEP_END load SUCCESS']);
    expect(events.at(-2)?.error?.message).toContain('step "load" was still running');
  });

  test('ends once, with the first word of `end`', async () => {
    const { ledger, sent } = aLedger();
    {
      await using run = ledger.startRun({ process_name: 'orders' });
      await run.end('CANCELLED', 'operator asked');
      run.fail('too late');
    }
    expect(inShort(await sent())).toEqual(['RUN_START RUNNING', 'RUN_END CANCELLED', 'ERROR']);
  });
});
