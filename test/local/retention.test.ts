import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjectStore } from '../../adapters/file-system/object-store.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { NO_DATES } from '../../core/objects/data-object.ts';
import { compacted, summarized, tracked } from '../../core/objects/object-change.ts';
import { expire, rawKeptFrom } from '../../local/retention.ts';
import { aClock } from '../fakes/clock.ts';

const clock = aClock('2025-11-03T12:10:00.000Z');
const key = (day: string) => `raw/dt=${day}/hh=12/a.ndjson`;
const DAYS = ['2025-10-01', '2025-10-02', '2025-10-04', '2025-11-03'];
let root: string;
let live: ReturnType<typeof openLiveStore>;
let ran: { readonly name: string; readonly before: unknown }[];
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
  live = openLiveStore(':memory:');
  ran = [];
  for (const day of DAYS) await openObjectStore(root).put(key(day), 'a line\n');
  await live.recordObjects(DAYS.map((day) => ({ object: key(day), size_bytes: 7 })));
});
afterEach(async () => {
  await live.close();
  rmSync(root, { recursive: true, force: true });
});

const ports = () => ({
  store: openObjectStore(root),
  live,
  clock,
  engine: {
    query: async ({ name }: { readonly name: string }, values: object) => {
      ran.push({ name, ...values } as (typeof ran)[number]);
      return [];
    },
  },
});
async function summarize(...days: readonly string[]): Promise<void> {
  for (const change of [tracked(NO_DATES, 0), compacted([]), summarized])
    await live.changeObjects(days.map(key), change);
}
async function keptDays(): Promise<readonly string[]> {
  const days: string[] = [];
  for await (const { key: object } of openObjectStore(root).list('raw/')) days.push(object.slice(7, 17));
  return days;
}

test('everything is kept where nothing else is said', async () => {
  await summarize(...DAYS);
  await expire(root, ports(), {});
  expect(await keptDays()).toEqual(DAYS);
  expect(await rawKeptFrom(openObjectStore(root))).toBe('');
  expect(ran).toEqual([]);
});

test('raw lines go when their day of arrival is past its time; their records stay, and the day is written down', async () => {
  await summarize(...DAYS);
  await expire(root, ports(), { rawDays: 30 });
  expect(await keptDays()).toEqual(['2025-10-04', '2025-11-03']);
  expect(await rawKeptFrom(openObjectStore(root))).toBe('2025-10-04');
  expect(await live.hasObject(key('2025-10-01'))).toBe(true);
});

test('no raw line goes that a stage has still to read, nor any that arrived after it', async () => {
  await summarize('2025-10-01', '2025-10-04', '2025-11-03');
  await expire(root, ports(), { rawDays: 30 });
  expect(await keptDays()).toEqual(['2025-10-02', '2025-10-04', '2025-11-03']);
  expect(await rawKeptFrom(openObjectStore(root))).toBe('2025-10-02');
});

test('rows of the log go when the date of their event is past its time, and no other table loses any', async () => {
  await expire(root, ports(), { logsDays: 400 });
  expect(ran).toEqual([{ name: 'expire_pipeline_logs', before: ['2024-09-29'] }]);
});
