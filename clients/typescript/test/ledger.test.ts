import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Ledger, type LedgerOptions } from '../src/index.ts';
import { VERSION } from '../src/version.ts';
import { aLedger, aTransport } from './a-ledger.ts';
import { aRuntime, settled } from './a-runtime.ts';
import { aServer } from './a-server.ts';

describe('the options of a ledger', () => {
  test.each<[string, unknown, string]>([
    [
      'url',
      'localhost',
      '`url`: expected an http or https address without credentials, like "http://127.0.0.1:4319", got "localhost"',
    ],
    [
      'url',
      'ftp://host',
      '`url`: expected an http or https address without credentials, like "http://127.0.0.1:4319", got "ftp://host"',
    ],
    ['transport', {}, '`transport`: expected an object with a method `send`, got an object'],
    ['environment', ' ', '`environment`: expected text that is not empty, got " "'],
    ['owner', 7, '`owner`: expected text that is not empty, got 7'],
    ['producer', { name: 'x' }, '`producer`: expected { name, version }, both text, got an object'],
    ['tags', { a: {} }, '`tags`: expected an object of text, numbers or booleans, got an object'],
    ['onError', true, '`onError`: expected a function, got true'],
    ['flush_interval_ms', 0, '`flush_interval_ms`: expected an integer from 1 to 2147483647, got 0'],
    ['max_buffer_bytes', 1.5, '`max_buffer_bytes`: expected a positive integer, got 1.5'],
    ['max_buffer_events', Number.NaN, '`max_buffer_events`: expected a positive integer, got NaN'],
    ['token', 'a b', '`token`: expected printable ASCII without spaces, got something else (not shown)'],
  ])('name what is wrong with %s %j', (name, value, message) => {
    expect(() => new Ledger({ [name]: value } as LedgerOptions, aRuntime())).toThrow(new TypeError(message));
  });

  test('name an option that does not exist', () => {
    expect(() => new Ledger({ enviroment: 'prod' } as LedgerOptions)).toThrow(
      /`options`: expected one of .*environment.*, got "enviroment"/,
    );
  });

  test('take a transport or an address, not both', () => {
    expect(() => new Ledger({ transport: aTransport(), url: 'http://127.0.0.1:1' })).toThrow(TypeError);
  });

  test('never show a password in an address', () => {
    expect(() => new Ledger({ url: 'http://me:hunter2@host' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });

  test('default to the address and token in the environment', async () => {
    await using server = await aServer(() => ({ status: 200 }));
    const runtime = aRuntime({ env: { RUNLEDGER_URL: server.url, RUNLEDGER_TOKEN: 'abc', RUNLEDGER_SPOOL: 'off' } });
    await using ledger = new Ledger({}, runtime);

    await ledger.run({ process_name: 'orders' }, () => undefined);

    expect(server.received).toMatchObject([{ path: '/events', headers: { authorization: 'Bearer abc' } }]);
  });

  test('do not throw for a wrong address in the environment: events are dropped, and that is told', async () => {
    const errors: Error[] = [];
    const runtime = aRuntime({ env: { RUNLEDGER_URL: 'localhost:4319', RUNLEDGER_SPOOL: 'off' } });
    const ledger = new Ledger({ onError: (error) => errors.push(error) }, runtime);

    await ledger.run({ process_name: 'orders' }, () => undefined);

    expect(ledger.stats()).toMatchObject({ emitted: 2, sent: 0, dropped: 2 });
    expect(errors[0]?.message).toContain('`RUNLEDGER_URL`: expected an http or https address');
  });
});

describe('every event', () => {
  test('has an id, a time, and a number that counts from 1 without gaps', async () => {
    const { ledger, sent } = aLedger();

    await ledger.run({ process_name: 'a' }, async (run) => {
      await Promise.all([run.step('x', () => run.heartbeat()), run.step('y', () => run.heartbeat())]);
    });
    await ledger.run({ process_name: 'b' }, () => undefined);

    const events = await sent();
    expect(events.map((event) => event.producer.seq)).toEqual(events.map((_, place) => place + 1));
    expect(new Set(events.map((event) => event.event_id)).size).toBe(events.length);
    expect(events.map((event) => event.event_id)).toEqual(events.map((event) => event.event_id).toSorted());
    expect(
      events.every((event) => /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(event.event_id)),
    ).toBe(true);
    expect(new Set(events.map((event) => event.created_at))).toEqual(new Set(['2026-11-03T12:00:00.000Z']));
    expect(new Set(events.map((event) => event.producer.instance_id)).size).toBe(1);
  });

  test('names the producer: this package, or the one given', async () => {
    const own = aLedger();
    const given = aLedger({ producer: { name: 'dagster', version: '1.9' } });

    for (const { ledger } of [own, given]) await ledger.run({ process_name: 'a' }, () => undefined);

    expect((await own.sent())[0]?.producer).toMatchObject({ name: '@runledger/client', version: VERSION });
    expect((await given.sent())[0]?.producer).toMatchObject({ name: 'dagster', version: '1.9' });
  });

  test('names the version that package.json names', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(manifest.version);
  });
});

describe('a ledger', () => {
  test('sends an interval after the first event, in one call', async () => {
    const { ledger, transport, runtime } = aLedger({ flush_interval_ms: 250 });
    const run = ledger.startRun({ process_name: 'a' });
    run.heartbeat();

    runtime.advance(249);
    await settled();
    expect(transport.calls).toHaveLength(0);
    runtime.advance(1);
    await settled();

    expect(transport.calls).toHaveLength(1);
    expect(ledger.stats()).toEqual({ emitted: 2, sent: 2, spooled: 0, dropped: 0, pending: 0, failures: 0 });
  });

  test('never keeps the process alive, but for somebody who waits', async () => {
    const { ledger, transport, runtime } = aLedger();
    transport.answer = () => new Promise(() => undefined);
    ledger.startRun({ process_name: 'a' });
    runtime.advance(1_000);
    await settled();

    expect(runtime.timersThatKeepAlive()).toBe(0);
    const flushed = ledger.flush({ timeout_ms: 100 });
    expect(runtime.timersThatKeepAlive()).toBe(1);
    runtime.advance(100);
    await flushed;
    expect(runtime.timersThatKeepAlive()).toBe(0);
  });

  test('tells events that the ledger rejected', async () => {
    const { ledger, transport, errors, sent } = aLedger();
    transport.answer = () => ({ rejected: 1 });
    ledger.startRun({ process_name: 'a' });

    await sent();

    expect(errors.map((error) => error.message)).toEqual(['The ledger rejected 1 of 1 events']);
  });

  test('warns once when nobody listens to its errors', async () => {
    const runtime = aRuntime();
    const transport = aTransport(() => Promise.reject(new Error('connection refused')));
    const ledger = new Ledger({ transport }, runtime);

    await ledger.run({ process_name: 'a' }, () => undefined);
    await ledger.flush();

    expect(runtime.warnings).toEqual(['connection refused. The pipeline goes on; ledger.stats() counts what is lost.']);
    expect(ledger.stats()).toMatchObject({ failures: 2, pending: 2 });
  });
});
