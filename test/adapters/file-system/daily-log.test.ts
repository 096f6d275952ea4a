import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDailyLog } from '../../../adapters/file-system/daily-log.ts';

const MONDAY = '2025-11-03T23:59:59.000Z';
const TUESDAY = '2025-11-04T00:00:01.000Z';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-daily-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const errors: string[] = [];
beforeEach(() => void errors.splice(0));
const aLog = (options: object = {}) =>
  openDailyLog({ folder, keptDays: 30, onError: (error) => errors.push((error as Error).message), ...options });
const fileOf = (day: string) => join(folder, `dt=${day}`, 'lines.ndjson');
const linesOf = (day: string) => readFileSync(fileOf(day), 'utf8');

test('each day has a file of its own, which only its user may read', async () => {
  const log = aLog();
  log.append('a', MONDAY);
  log.append('b', MONDAY);
  log.append('c', TUESDAY);
  await log.written();
  expect([linesOf('2025-11-03'), linesOf('2025-11-04')]).toEqual(['a\nb\n', 'c\n']);
  expect(statSync(fileOf('2025-11-03')).mode & 0o777).toBe(0o600);
});

test('a log that is opened again goes on, after half a line too', async () => {
  const first = aLog();
  first.append('a', MONDAY);
  await first.written();
  appendFileSync(fileOf('2025-11-03'), '{"half');
  const second = aLog();
  second.append('b', MONDAY);
  await second.written();
  expect(linesOf('2025-11-03')).toBe('a\n{"half\nb\n');
});

test('days that are kept long enough are removed, and nothing else', async () => {
  const log = aLog({ keptDays: 1 });
  log.append('a', '2025-11-01T12:00:00.000Z');
  await log.written();
  writeFileSync(join(folder, 'none.ndjson'), '');
  log.append('b', MONDAY);
  log.append('c', TUESDAY);
  await log.written();
  expect(readdirSync(folder).sort()).toEqual(['dt=2025-11-03', 'dt=2025-11-04', 'none.ndjson']);
});

test('a day is bounded, whoever writes, and that is said once', async () => {
  const log = aLog({ maxBytes: 10 });
  for (const line of ['1234', '5678', '9', 'a']) log.append(line, MONDAY);
  log.append('b', TUESDAY);
  await log.written();
  expect([linesOf('2025-11-03'), linesOf('2025-11-04')]).toEqual(['1234\n5678\n', 'b\n']);
  expect(errors).toEqual([`${folder} takes no more lines of 2025-11-03: its file would be larger than 10 bytes`]);
});

test('lines that wait for a slow disk are bounded too', async () => {
  const log = aLog();
  for (let each = 0; each < 1_500; each++) log.append('x', MONDAY);
  await log.written();
  expect(linesOf('2025-11-03')).toBe('x\n'.repeat(1_000));
  expect(errors).toEqual([`${folder} takes no more lines of 2025-11-03: more than 1000 wait for the disk`]);
});

test('a folder that cannot be written to is told, and the next line tries again', async () => {
  const blocker = join(folder, 'dt=2025-11-03');
  writeFileSync(blocker, '');
  const log = aLog();
  log.append('a', MONDAY);
  await log.written();
  expect(errors).toHaveLength(1);
  rmSync(blocker);
  log.append('b', MONDAY);
  await log.written();
  expect(linesOf('2025-11-03')).toBe('b\n');
});
