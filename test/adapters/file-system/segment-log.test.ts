import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linesOf } from '../../../adapters/file-system/lines.ts';
import { nodeDisk } from '../../../adapters/file-system/segment.ts';
import { openSegmentLog, type SegmentLogOptions } from '../../../adapters/file-system/segment-log.ts';

const NOON = Date.UTC(2025, 10, 3, 12);
let root: string;
let clock: number;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
  clock = NOON;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const openLog = (options: Partial<SegmentLogOptions> = {}) =>
  openSegmentLog({ root, prefix: 'raw', now: () => clock, ...options });
const files = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.ndjson'));
const contentOf = (object: string) => readFileSync(join(root, object), 'utf8');

describe('a segment', () => {
  test('becomes an object under the hour it was opened in, with its lines in order', () => {
    const log = openLog();
    const { object } = log.append(linesOf(['{"a":1}', '{"b":"\u{1F600}"}']));
    expect(log.append(linesOf(['{"c":3}']))).toEqual({ object });
    expect(files()).toEqual([`${object}.open`]);
    expect(log.seal()).toEqual([{ object, lines: 3, size_bytes: 29 }]);
    expect(object).toMatch(/^raw\/dt=2025-11-03\/hh=12\/20251103T120000000Z-[0-9a-f]{8}\.ndjson$/);
    expect(contentOf(object)).toBe('{"a":1}\n{"b":"\u{1F600}"}\n{"c":3}\n');
    expect(files()).toEqual([object]);
  });

  test('is not touched again once sealed', () => {
    const log = openLog();
    const first = log.append(linesOf(['1']));
    log.seal();
    const second = log.append(linesOf(['2']));
    log.seal();
    expect(second.object).not.toBe(first.object);
    expect(contentOf(first.object)).toBe('1\n');
  });

  test('without a line leaves nothing', () => {
    const log = openLog();
    log.append(linesOf([]));
    expect(log.seal()).toEqual([]);
    expect(log.seal()).toEqual([]);
    expect(files()).toEqual([]);
  });

  test('is written with one write each time', () => {
    const writes: number[] = [];
    const log = openLog({
      disk: {
        ...nodeDisk,
        write: (fd, bytes, position) => {
          writes.push(bytes.length);
          return nodeDisk.write(fd, bytes, position);
        },
      },
    });
    log.append(linesOf(['1', '2', '3']));
    log.append(linesOf(['4']));
    expect(writes).toEqual([6, 2]);
    log.seal();
  });

  test.each([
    [true, 2],
    [false, 0],
  ])('with fsync %s is synced %i times before two appends have returned', (fsync, expected) => {
    let syncs = 0;
    const log = openLog({
      fsync,
      disk: {
        ...nodeDisk,
        sync: (fd) => {
          syncs += 1;
          nodeDisk.sync(fd);
        },
      },
    });
    log.append(linesOf(['1']));
    log.append(linesOf(['2']));
    expect(syncs).toBe(expected);
    log.seal();
    expect(syncs).toBe(expected + 1);
  });
});

describe('a segment is sealed when', () => {
  const sealedAfter = (ms: number, options: Partial<SegmentLogOptions> = {}, lines = ['1']) => {
    const log = openLog(options);
    log.append(linesOf(lines));
    clock += ms;
    const sealed = log.sealDue().length;
    log.seal();
    return sealed;
  };

  test('nothing was appended for the idle time', () => {
    expect(sealedAfter(1_999)).toBe(0);
    expect(sealedAfter(2_000)).toBe(1);
  });

  test('it is old, though lines keep coming', () => {
    const log = openLog();
    for (let second = 0; second < 60; second++) {
      log.append(linesOf(['1']));
      expect(log.sealDue()).toEqual([]);
      clock += 1_000;
    }
    expect(log.sealDue()).toMatchObject([{ lines: 60 }]);
  });

  test('it has its size', () => {
    expect(sealedAfter(0, { maxBytes: 10 }, ['12345678'])).toBe(0);
    expect(sealedAfter(0, { maxBytes: 10 }, ['123456789'])).toBe(1);
  });

  test('its hour is over', () => {
    clock = NOON - 500;
    expect(sealedAfter(499)).toBe(0);
    clock = NOON - 500;
    expect(sealedAfter(500)).toBe(1);
  });

  test('the clock was set back', () => {
    clock = NOON + 1_800_000;
    expect(sealedAfter(-1)).toBe(1);
  });
});

test('a line that comes in another hour lands there, and the segment before it is told of', () => {
  const log = openLog();
  const evening = log.append(linesOf(['1']));
  clock += 20 * 3_600_000;
  const morning = log.append(linesOf(['2']));
  expect(morning.object).toContain('raw/dt=2025-11-04/hh=08/');
  expect(log.sealDue()).toEqual([{ object: evening.object, lines: 1, size_bytes: 2 }]);
  expect(log.seal()).toEqual([{ object: morning.object, lines: 1, size_bytes: 2 }]);
});

test.each(['', 'a\nb', 'a\n'])('the line %j would be miscounted, so its batch is refused', (line) => {
  const log = openLog();
  expect(() => log.append(linesOf(['1', line]))).toThrow(
    'Expected lines of JSON that are not empty and hold no line break',
  );
  expect(log.seal()).toEqual([]);
});
