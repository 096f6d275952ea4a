import pino from 'pino';
import { afterEach, describe, expect, test, vi } from 'vitest';
import winston from 'winston';
import { LogTail } from '../src/index.ts';
import { aLedger } from './a-ledger.ts';

const hooked: LogTail[] = [];
afterEach(() => {
  for (const tail of hooked.splice(0)) tail.release();
  vi.restoreAllMocks();
});

const hookedTail = (): LogTail => {
  const tail = new LogTail({ console: true });
  hooked.push(tail);
  return tail;
};
/** The console of a host, which the lint keeps this project from using. */
const { console: host } = globalThis;
/** What follows the time. */
const said = (tail: LogTail): string[] => tail.lines().map((line) => line.slice('2026-11-03T12:00:00.000Z '.length));

describe('the tail of a log', () => {
  test('is sent with an error, masked', async () => {
    const { ledger, sent } = aLedger();
    const tail = new LogTail();
    ledger.keepLogTail(tail);
    tail.write('connecting to postgres://u:hunter2Secret@db\nDB_PASSWORD=hunter2Secret\n');
    await ledger.run({ process_name: 'a' }, (run) => run.error(new Error('refused')));

    const error = (await sent()).find(({ event_type }) => event_type === 'ERROR');
    expect(error?.log_tail).toEqual(['connecting to postgres://u:[password]@db', 'DB_PASSWORD=[secret]']);
  });

  test('is no field of the event where nothing was logged', async () => {
    const { ledger, sent } = aLedger();
    ledger.keepLogTail(new LogTail());
    await ledger.run({ process_name: 'a' }, (run) => run.error(new Error('refused')));

    expect((await sent())[1]).not.toHaveProperty('log_tail');
  });

  test('keeps the last lines alone, in pieces or at once, each cut between words', () => {
    const tail = new LogTail({ lines: 3 });
    tail.write('one\ntw');
    tail.write(Buffer.from('o\r\nthré').subarray(0, 7));
    tail.write(Buffer.from('thré').subarray(4));
    tail.write(`e\n${'word '.repeat(1_000)}\nlast without an end`);

    expect(tail.lines()).toEqual(['thrée', expect.stringMatching(/^(word ){399}word…\[cut\]$/), 'last without an end']);
  });

  test('does not grow by a line that never ends', () => {
    const tail = new LogTail();
    for (let part = 0; part < 1_000; part++) tail.write('x'.repeat(10_000));

    expect(tail.lines()).toEqual(['…[cut]']);
  });

  test('has what the host says on its console, which says it as before', () => {
    const printed = vi.spyOn(host, 'warn').mockImplementation(() => undefined);
    vi.spyOn(host, 'log').mockImplementation(() => undefined);
    const tail = hookedTail();
    host.log('read %d rows', 5, { of: 'orders' });
    host.warn('slow');
    tail.release();
    host.warn('not kept');

    expect(said(tail)).toEqual(["INFO console: read 5 rows { of: 'orders' }", 'WARNING console: slow']);
    expect(printed.mock.calls).toEqual([['slow'], ['not kept']]);
  });

  test('takes what no text can be made of', () => {
    vi.spyOn(host, 'log').mockImplementation(() => undefined);
    const tail = hookedTail();
    const unreadable = {
      [Symbol.for('nodejs.util.inspect.custom')]() {
        throw new Error('unreadable');
      },
    };
    host.log(unreadable);
    tail.log(unreadable);
    tail.log(new Error('of the job'), 'ERROR', 'load');

    expect(said(tail)).toEqual([
      'INFO console: [unreadable]',
      'INFO job: [unreadable]',
      expect.stringMatching(/^ERROR load: Error: of the job\n/),
    ]);
  });

  test('is a stream for pino', () => {
    const tail = new LogTail();
    pino({ base: null, timestamp: false }, pino.multistream([{ stream: tail }])).info({ rows: 5 }, 'read');

    expect(tail.lines()).toEqual(['{"level":30,"rows":5,"msg":"read"}']);
  });

  test('is a stream for winston', async () => {
    const tail = new LogTail();
    const logger = winston.createLogger({
      format: winston.format.simple(),
      transports: [new winston.transports.Stream({ stream: tail })],
    });
    logger.warn('slow');

    expect(tail.lines()).toEqual(['warn: slow']);
  });
});
