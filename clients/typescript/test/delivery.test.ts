import { describe, expect, test } from 'vitest';
import { TransportError } from '../src/index.ts';
import { aLedger, inShort } from './a-ledger.ts';
import { settled } from './a-runtime.ts';

const refused = () => Promise.reject(new TransportError('connection refused', { retryable: true }));

describe('after a failure that may pass', () => {
  test('events wait in order and are sent again, with growing pauses', async () => {
    const { ledger, transport, runtime } = aLedger();
    transport.answer = (call) => (call <= 3 ? refused() : undefined);
    const run = ledger.startRun({ process_name: 'a' });
    const pauses: number[] = [];

    for (let call = 0; call < 4; call++) {
      const from = runtime.elapsed();
      while (transport.calls.length === call) {
        runtime.advance(100);
        await settled();
      }
      pauses.push(runtime.elapsed() - from);
      run.heartbeat();
    }

    expect(pauses).toEqual([1_000, 1_000, 1_000, 2_000]);
    expect(inShort(transport.events)).toEqual(['RUN_START RUNNING', 'HEARTBEAT', 'HEARTBEAT', 'HEARTBEAT']);
  });

  test('a pause that was asked for is kept', async () => {
    const { ledger, transport, runtime } = aLedger();
    transport.answer = (call) =>
      call === 1 ? Promise.reject(new TransportError('busy', { retryable: true, retry_after_ms: 40_000 })) : undefined;
    ledger.startRun({ process_name: 'a' });
    runtime.advance(1_000);
    await settled();

    runtime.advance(39_999);
    await settled();
    expect(transport.calls).toHaveLength(1);
    runtime.advance(1);
    await settled();

    expect(transport.calls).toHaveLength(2);
  });

  test('runs that end during the pause do not wait for another try', async () => {
    const { ledger, transport } = aLedger();
    transport.answer = refused;

    for (let run = 0; run < 5; run++) await ledger.run({ process_name: 'a' }, () => undefined);

    expect(transport.calls).toHaveLength(1);
    expect(ledger.stats()).toMatchObject({ emitted: 10, pending: 10 });
  });

  test('runs that end while the transport hangs wait for it once', async () => {
    const { ledger, transport, runtime } = aLedger();
    transport.answer = () => new Promise(() => undefined);
    const first = ledger.run({ process_name: 'a' }, () => undefined);
    await settled();
    runtime.advance(5_000);
    await first;

    for (let run = 0; run < 5; run++) await ledger.run({ process_name: 'a' }, () => undefined);

    expect(ledger.stats()).toMatchObject({ emitted: 12, pending: 12 });
  });

  test('only what was not taken is sent again', async () => {
    const { ledger, transport, sent } = aLedger();
    transport.answer = (call) =>
      call === 1 ? Promise.reject(new TransportError('busy', { retryable: true, unsent: [1] })) : undefined;
    const run = ledger.startRun({ process_name: 'a' });
    run.checkpoint('x'.repeat(1_000_000));
    run.checkpoint('y'.repeat(1_000_000));

    await sent();
    expect(ledger.stats()).toMatchObject({ sent: 2, pending: 1, failures: 1 });
    const events = await sent();

    expect(events).toHaveLength(1);
    expect(events[0]?.message).toMatch(/^y/);
  });

  test('a transport that never settles is given up after a minute, and its events are sent again', async () => {
    const { ledger, transport, runtime } = aLedger();
    transport.answer = (call) => (call === 1 ? new Promise(() => undefined) : undefined);
    ledger.startRun({ process_name: 'a' });

    runtime.advance(1_000);
    await settled();
    runtime.advance(60_000);
    await settled();
    runtime.advance(1_000);
    await settled();

    expect(ledger.stats()).toEqual({ emitted: 1, sent: 1, spooled: 0, dropped: 0, pending: 0, failures: 1 });
  });
});

describe('events that cannot be sent', () => {
  test('are dropped when the failure is final, and the next call goes on', async () => {
    const { ledger, transport, errors, sent } = aLedger();
    transport.answer = (call) =>
      call === 1 ? Promise.reject(new TransportError('got 400', { retryable: false })) : undefined;
    const run = ledger.startRun({ process_name: 'a' });
    for (let place = 0; place < 5; place++) run.checkpoint(`${place}${'x'.repeat(1_000_000)}`);

    const events = await sent();

    expect(events.filter((event) => event.event_type === 'CHECKPOINT')).toHaveLength(1);
    expect(ledger.stats()).toMatchObject({ emitted: 7, sent: 2, dropped: 5, failures: 1 });
    expect(errors.map((error) => error.message)).toEqual(['got 400', 'Events are being dropped: got 400']);
  });

  test('are the oldest ones when memory is full; that is told once, then in a METRIC when events are sent again', async () => {
    const { ledger, transport, errors, sent } = aLedger({ max_buffer_events: 3 });
    const run = ledger.startRun({ process_name: 'a', run_id: 'r1' });
    for (let place = 1; place <= 5; place++) run.checkpoint(String(place));
    expect(ledger.stats()).toMatchObject({ emitted: 6, dropped: 3, pending: 3 });

    const events = await sent();

    expect(events.map((event) => event.message)).toEqual([
      '3',
      '4',
      '5',
      '3 events of this producer were dropped before this one',
    ]);
    expect(events[3]).toMatchObject({ event_type: 'METRIC', run_id: 'r1', metrics: { 'runledger.events_dropped': 3 } });
    expect(events.map((event) => event.producer.seq)).toEqual([4, 5, 6, 7]);
    expect(errors).toHaveLength(1);
    expect(transport.calls).toHaveLength(2);
  });

  test('stay within the bytes allowed, those being sent included', async () => {
    const { ledger, transport, runtime } = aLedger({ max_buffer_bytes: 300_000 });
    transport.answer = () => new Promise(() => undefined);
    const run = ledger.startRun({ process_name: 'a' });
    for (let place = 0; place < 2; place++) run.checkpoint('x'.repeat(100_000));
    runtime.advance(1_000);
    await settled();

    for (let place = 0; place < 10; place++) run.checkpoint('y'.repeat(60_000));

    expect(ledger.stats()).toMatchObject({ emitted: 13, dropped: 9, pending: 4 });
  });

  test('are counted when they are larger than all memory', async () => {
    const { ledger, sent } = aLedger({ max_buffer_bytes: 10_000 });
    const run = ledger.startRun({ process_name: 'a' });
    run.checkpoint('x'.repeat(20_000));

    await sent();

    expect(ledger.stats()).toMatchObject({ emitted: 3, sent: 2, dropped: 1 });
  });
});

describe('closing', () => {
  test('sends what there is', async () => {
    const { ledger, transport } = aLedger();
    ledger.startRun({ process_name: 'a' });

    await ledger.close();

    expect(inShort(transport.events)).toEqual(['RUN_START RUNNING']);
  });

  test('ends at its deadline, tells the transport, and counts what was left', async () => {
    const { ledger, transport, runtime, errors } = aLedger();
    let aborted = false;
    transport.answer = (_, signal) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    };
    const run = ledger.startRun({ process_name: 'a' });
    const closed = ledger.close({ timeout_ms: 700 });
    await settled();
    run.heartbeat();

    runtime.advance(700);
    await closed;

    expect(aborted).toBe(true);
    expect(ledger.stats()).toEqual({ emitted: 2, sent: 0, spooled: 0, dropped: 2, pending: 0, failures: 0 });
    expect(errors.at(-1)?.message).toContain('could not be sent before the ledger was closed');
  });

  test('an answer that comes after the deadline changes nothing', async () => {
    const { ledger, transport, runtime } = aLedger();
    let answer = () => {};
    transport.answer = () => new Promise((resolve) => (answer = () => resolve(undefined)));
    ledger.startRun({ process_name: 'a' });
    const closed = ledger.close();
    await settled();
    runtime.advance(5_000);
    await closed;

    answer();
    await settled();

    expect(ledger.stats()).toEqual({ emitted: 1, sent: 0, spooled: 0, dropped: 1, pending: 0, failures: 0 });
  });

  test('twice is closing once, and what comes later is counted as dropped', async () => {
    const { ledger, transport } = aLedger();
    const run = ledger.startRun({ process_name: 'a' });

    await Promise.all([ledger.close(), ledger.close()]);
    await run.end();

    expect(transport.calls).toHaveLength(1);
    expect(ledger.stats()).toMatchObject({ emitted: 2, sent: 1, dropped: 1 });
  });
});

describe('a record', () => {
  test('is sent as soon as it is full, and what fills none waits for others', async () => {
    const { ledger, transport, runtime } = aLedger();
    const run = ledger.startRun({ process_name: 'a' });
    for (let place = 0; place < 23; place++) run.checkpoint(`${place}${'x'.repeat(99_000)}`);
    runtime.advance(0);
    await settled();
    expect(transport.calls.map((records) => records.map(({ length }) => length > 900_000))).toEqual([[true, true]]);

    runtime.advance(1_000);
    await settled();
    expect(transport.events).toHaveLength(24);
  });

  test('that is not full is sent when it is asked for, also in a pass under way', async () => {
    const { ledger, transport, runtime } = aLedger();
    let answer = () => {};
    transport.answer = (call) =>
      call === 1 ? new Promise((resolve) => (answer = () => resolve(undefined))) : undefined;
    const run = ledger.startRun({ process_name: 'a' });
    for (let place = 0; place < 13; place++) run.checkpoint(`${place}${'x'.repeat(99_000)}`);
    runtime.advance(0);
    await settled();
    const flushed = ledger.flush();
    answer();
    await flushed;

    expect(transport.events).toHaveLength(14);
  });
});
