import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OverloadedError } from '../../core/ports/event-sink.ts';
import { aLedger, anIo, landedOf, piecesOf, runOn } from './fakes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-ingest-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const LINES = '{"a":1}\r\n\n{"b":2}\n{"c":3}';

test('files, gzip files and standard input are sent as they are, and counted', async () => {
  const ledger = aLedger();
  const files = [written('a.ndjson', LINES), written('b', gzipSync('{"d":4}\n')), '-'];
  const { code, out, err, opened } = await runOn(ledger, ['ingest', ...files], anIo({ stdin: piecesOf('{"e":5}') }));
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe('5 lines received, 5 accepted, 0 rejected\n');
  expect(ledger.sent()).toBe(`${LINES}{"d":4}\n{"e":5}`);
  expect(ledger.calls).toEqual([['send', 1], ['send', 1], ['send', 1], ['close']]);
  expect(opened[0]?.purpose).toBe('write');
});

test('rejected lines are counted, and it is said why and where they are', async () => {
  const explanation = 'expected a run_id';
  const reasons = [
    { line: 1, kind: 'missing_identity', explanation },
    { line: 3, kind: 'missing_identity', explanation: 'expected a process_name' },
  ];
  const ledger = aLedger({ send: async () => ({ received: 3, accepted: 1, rejected: 2, reasons }) });
  const { code, out, err } = await runOn(ledger, ['ingest', written('a', LINES)]);
  expect([code, out, err]).toEqual([
    0,
    '3 lines received, 1 accepted, 2 rejected\n',
    'missing_identity: expected a run_id\nall of them: runledger rejections\n',
  ]);
  const { out: json } = await runOn(ledger, ['ingest', '--json', written('a', LINES)]);
  expect(JSON.parse(json)).toEqual({ received: 3, accepted: 1, rejected: 2 });
});

test('when no line was accepted, the exit code says so', async () => {
  const ledger = aLedger({ send: async () => ({ received: 3, accepted: 0, rejected: 3 }) });
  const { code, out, err } = await runOn(ledger, ['ingest', written('a', LINES)]);
  expect([code, out]).toEqual([1, '3 lines received, 0 accepted, 3 rejected\n']);
  expect(err).toBe('all of them: runledger rejections\nerror: no line was accepted\n');
});

test.each([
  ['a zip archive', 'PK\u0003\u0004', 'unpack it: unzip -p FILE | runledger ingest -'],
  [
    'CSV without the columns process_name (or pipeline_name) and run_id',
    'id,name\n1,ada\n',
    'name these columns, or send NDJSON: one JSON object per line',
  ],
  ['text without a JSON object', 'it began\n', 'send NDJSON: one JSON object per line'],
])('%s is said to be one in one line, nothing of it is sent, and the files after it are', async (is, content, todo) => {
  const ledger = aLedger();
  const file = written('a', content);
  const { code, out, err } = await runOn(ledger, ['ingest', file, written('b', '{"b":1}\n')]);
  expect([code, out]).toEqual([1, '1 line received, 1 accepted, 0 rejected\n']);
  expect(err).toBe(`error: ${file} is ${is}; nothing of it was sent: ${todo.replace('FILE', file)}\n`);
  expect(ledger.sent()).toBe('{"b":1}\n');
});

test('asked to stop, it says what was taken, and nothing more is read or sent', async () => {
  const stdin = new PassThrough();
  const io = anIo({ stdin });
  const line = `{"a":"${'x'.repeat(1_000)}"}\n`;
  const ledger = aLedger({
    send: async (batch) => {
      io.stop();
      return landedOf(batch);
    },
  });
  // The input stays open: whoever waits for its end waits for ever.
  stdin.write(line.repeat(6_000));
  const { code, out, err } = await runOn(ledger, ['ingest', '-', written('b', LINES)], io);
  const taken = ledger.sent().split('\n').length - 1;
  expect(taken).toBeGreaterThan(1_000);
  expect(taken).toBeLessThan(6_000);
  const shown = taken.toLocaleString('en-US');
  expect([code, out]).toEqual([130, `${shown} lines received, ${shown} accepted, 0 rejected\n`]);
  expect(err).toBe(
    `stopping: what is under way is finished first; Ctrl-C again to stop at once\nerror: stopped; ${shown} lines were taken; send all again, what was taken is not counted twice\n`,
  );
});

test('a gzip file that ends early: what is readable is taken, then it is said so', async () => {
  const lines = Array.from({ length: 50_000 }, (_, at) => `{"line":${at},"noise":"${Math.sin(at)}"}\n`).join('');
  const zipped = gzipSync(lines);
  const file = written('half.gz', zipped.subarray(0, zipped.length / 2));
  const ledger = aLedger();
  const { code, out, err } = await runOn(ledger, ['ingest', file, written('b', '{"z":1}\n')]);

  const taken = ledger.sent().split('\n').length - 2;
  expect(taken).toBeGreaterThan(20_000);
  expect(lines.startsWith(ledger.sent().replace(/\{"z":1\}\n$/, ''))).toBe(true);
  expect(code).toBe(1);
  expect(out).toBe(
    `${(taken + 1).toLocaleString('en-US')} lines received, ${(taken + 1).toLocaleString('en-US')} accepted, 0 rejected\n`,
  );
  expect(err).toBe(
    `error: ${file} ends early: it is a gzip file of which the rest is missing; ${taken.toLocaleString('en-US')} lines were taken\n`,
  );
});

test('a line that is too long is left out and said so', async () => {
  const ledger = aLedger();
  const file = written('long', `{"a":1}\n"${'x'.repeat(4 * 1024 * 1024)}"\n{"b":2}\n`);
  const { code, out, err } = await runOn(ledger, ['ingest', file]);
  expect([code, out]).toEqual([1, '2 lines received, 2 accepted, 0 rejected\n']);
  expect(err).toBe(
    `error: ${file}: 1 line longer than 4.2 MB left out; keep large payloads in a file and send its path\n`,
  );
});

test('a ledger that fails ends it, and what was taken before is counted', async () => {
  let sends = 0;
  const ledger = aLedger({
    send: async (batch) => {
      sends += 1;
      if (sends > 1) throw new Error('no space left on the disk');
      return landedOf(batch);
    },
  });
  const first = written('a', '{"a":1}\n');
  const second = written('b', '{"b":1}\n');
  const { code, out, err } = await runOn(ledger, ['ingest', first, second, first]);
  expect([code, out]).toEqual([1, '1 line received, 1 accepted, 0 rejected\n']);
  expect(err).toBe(
    `error: no space left on the disk\n0 lines were taken of ${second} before that; send it again, what was taken is not counted twice\n`,
  );
  expect(sends).toBe(2);
});

test('a busy ledger is waited for, and it is said so', async () => {
  let sends = 0;
  const ledger = aLedger({
    send: async (batch) => {
      sends += 1;
      if (sends < 6) throw new OverloadedError('too much is waiting to be accepted');
      return landedOf(batch);
    },
  });
  const io = anIo();
  const { code, out, err } = await runOn(ledger, ['ingest', written('a', LINES)], io);
  expect([code, out, err]).toEqual([
    0,
    '3 lines received, 3 accepted, 0 rejected\n',
    'waiting: too much is waiting to be accepted\n',
  ]);
  expect(io.pauses).toHaveLength(5);
});

test('a file that is not there ends it before anything is opened', async () => {
  const { code, err, opened } = await runOn(aLedger(), ['ingest', join(folder, 'none')]);
  expect([code, err, opened]).toEqual([1, `error: there is no file ${join(folder, 'none')}\n`, []]);
});
