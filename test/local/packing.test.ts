import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openObjectStore } from '../../adapters/file-system/object-store.ts';
import { plainObjects } from '../../adapters/file-system/packed-file.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { NO_DATES } from '../../core/objects/data-object.ts';
import { compacted, parked, summarized, tracked } from '../../core/objects/object-change.ts';
import { startPacking } from '../../local/packing.ts';
import { aClock } from '../fakes/clock.ts';

const key = (name: string) => `raw/dt=2025-11-03/hh=12/${name}.ndjson`;
const clock = aClock('2025-11-03T12:10:00.000Z');
const fails = (error: unknown): never => expect.unreachable(String(error));
let root: string;
let live: ReturnType<typeof openLiveStore>;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'runledger-'));
  live = openLiveStore(':memory:');
});
afterEach(async () => {
  await live.close();
  rmSync(root, { recursive: true, force: true });
});

async function landed(...names: readonly string[]): Promise<void> {
  for (const name of names) await openObjectStore(root).put(key(name), 'a line\n');
  await live.recordObjects(names.map((name) => ({ object: key(name), size_bytes: 7 })));
}

async function summarize(...names: readonly string[]): Promise<void> {
  for (const change of [tracked(NO_DATES, 0), compacted([]), summarized])
    await live.changeObjects(names.map(key), change);
}

async function packAll(packing: ReturnType<typeof startPacking>): Promise<void> {
  while (await packing.packSome());
}

test('objects are packed once they are in every table; parked and unrecorded ones stay as they are', async () => {
  await landed('a', 'b', 'c');
  await openObjectStore(root).put(key('d'), 'unrecorded');
  await summarize('a');
  await live.changeObjects([key('b')], parked('it is bad'));
  const packing = startPacking({ root, live, clock }, fails);
  await packAll(packing);
  expect(plainObjects(root, 'raw')).toEqual([key('b'), key('c'), key('d')]);
  await summarize('c');
  await packAll(packing);
  expect(plainObjects(root, 'raw')).toEqual([key('b'), key('d')]);
});

test('a call packs a part of many objects, so that a query need not wait for all', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `n${at}`);
  await landed(...names);
  await summarize(...names);
  const packing = startPacking({ root, live, clock }, fails);
  expect(await packing.packSome()).toBe(true);
  expect(plainObjects(root, 'raw')).toHaveLength(24);
  await packAll(packing);
  expect(plainObjects(root, 'raw')).toEqual([]);
});
