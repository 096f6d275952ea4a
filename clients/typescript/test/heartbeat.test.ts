import { describe, expect, test } from 'vitest';
import { aLedger, inShort } from './a-ledger.ts';

/** A run that goes on until the test says so. */
function held<Value>() {
  let release: (value: Value) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    release = resolve;
    fail = reject;
  });
  return { promise, release, fail };
}

const beatsOf = async (sent: () => ReturnType<ReturnType<typeof aLedger>['sent']>) =>
  (await sent()).filter(({ event_type }) => event_type === 'HEARTBEAT');

describe('a run that ledger.run carries out', () => {
  test('promises a heartbeat a minute, and beats by itself whenever it has been silent for so long', async () => {
    const { ledger, runtime, sent } = aLedger();
    const work = held();
    const run = ledger.run({ process_name: 'a' }, (run) => run.step('query', () => work.promise));
    runtime.advance(59_999);
    expect(await beatsOf(sent)).toHaveLength(0);
    runtime.advance(180_001);
    const beats = await beatsOf(sent);
    expect(beats).toHaveLength(4);
    expect(beats[0]).toMatchObject({ heartbeat_interval_ms: 60_000, process_name: 'a' });
    expect((await sent())[0]).toMatchObject({ event_type: 'RUN_START', heartbeat_interval_ms: 60_000 });
    work.release(undefined);
    await run;
  });

  test('beats at the interval that it promises itself', async () => {
    const { ledger, runtime, sent } = aLedger();
    const work = held();
    const run = ledger.run({ process_name: 'a', heartbeat_interval_ms: 3_000 }, () => work.promise);
    runtime.advance(20_000);
    expect(await beatsOf(sent)).toHaveLength(6);
    work.release(undefined);
    await run;
  });

  test('does not beat while it sends other events', async () => {
    const { ledger, runtime, sent } = aLedger();
    await ledger.run({ process_name: 'a' }, (run) => {
      for (let minute = 0; minute < 5; minute++) {
        runtime.advance(50_000);
        run.checkpoint('still at it');
      }
    });
    expect(await beatsOf(sent)).toHaveLength(0);
  });

  test.each([
    ['returned', (work: ReturnType<typeof held>) => work.release(1)],
    ['thrown', (work: ReturnType<typeof held>) => work.fail(new Error('boom'))],
  ])('does not beat after it has %s', async (_, finish) => {
    const { ledger, runtime, sent } = aLedger();
    const work = held();
    const run = ledger.run({ process_name: 'a' }, () => work.promise).catch(() => undefined);
    runtime.advance(60_000);
    finish(work);
    await run;
    runtime.advance(600_000);
    expect(await beatsOf(sent)).toHaveLength(1);
    expect(inShort(await sent()).at(-1)).toMatch(/^RUN_END/);
  });

  test('does not beat after the ledger is closed', async () => {
    const { ledger, runtime } = aLedger();
    const work = held();
    const run = ledger.run({ process_name: 'a' }, () => work.promise);
    await ledger.close();
    const { emitted } = ledger.stats();
    runtime.advance(600_000);
    expect(ledger.stats().emitted).toBe(emitted);
    work.release(undefined);
    await run;
  });

  test('has no timer that would keep the process alive', async () => {
    const { ledger, runtime } = aLedger();
    const work = held();
    const run = ledger.run({ process_name: 'a' }, () => work.promise);
    expect(runtime.timersThatKeepAlive()).toBe(0);
    work.release(undefined);
    await run;
  });

  test.each([
    ['the ledger was told not to beat', { heartbeats: false }, {}],
    ['it promises nothing', {}, { heartbeat_interval_ms: 0 }],
  ])('neither beats nor promises to when %s', async (_, ledgerOptions, runOptions) => {
    const { ledger, runtime, sent } = aLedger(ledgerOptions);
    await ledger.run({ process_name: 'a', ...runOptions }, () => runtime.advance(600_000));
    expect(await beatsOf(sent)).toHaveLength(0);
    expect((await sent())[0]).not.toHaveProperty('heartbeat_interval_ms');
  });

  test('keeps its own promise itself when the ledger was told not to beat', async () => {
    const { ledger, runtime, sent } = aLedger({ heartbeats: false });
    await ledger.run({ process_name: 'a', heartbeat_interval_ms: 3_000 }, () => runtime.advance(60_000));
    expect(await beatsOf(sent)).toHaveLength(0);
    expect((await sent())[0]).toMatchObject({ heartbeat_interval_ms: 3_000 });
  });
});

describe('a run that ledger.startRun started', () => {
  test('beats until it ends where it promises to', async () => {
    const { ledger, runtime, sent } = aLedger();
    const run = ledger.startRun({ process_name: 'a', heartbeat_interval_ms: 3_000 });
    runtime.advance(9_000);
    await run.end();
    runtime.advance(9_000);
    expect(await beatsOf(sent)).toHaveLength(3);
  });

  test('promises nothing by itself: nobody knows whether it will be ended', async () => {
    const { ledger, runtime, sent } = aLedger();
    const run = ledger.startRun({ process_name: 'a' });
    runtime.advance(600_000);
    await run.end();
    expect(await beatsOf(sent)).toHaveLength(0);
    expect((await sent())[0]).not.toHaveProperty('heartbeat_interval_ms');
  });
});
