import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLiveStore } from '../../../adapters/sqlite/live-store.ts';
import { epochMsOf, instantOf } from '../../../core/instant.ts';
import { NO_DATES } from '../../../core/objects/data-object.ts';
import { compacted, parked, reopened, summarized, tracked } from '../../../core/objects/object-change.ts';
import type { Clock } from '../../../core/ports/clock.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { mergedInto, track } from '../../contracts/live-store/runs.ts';
import { liveStoreContract } from '../../contracts/live-store.contract.ts';
import { anEvent } from '../../factories.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-'));
  path = join(folder, 'live.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A clock that shows a later second each time it is read. */
function aTickingClock(): Clock {
  let atMs = epochMsOf('2025-11-03T12:00:00.000Z');
  return {
    now: () => {
      atMs += 1000;
      return instantOf(atMs);
    },
  };
}

liveStoreContract('SQLite', async () => openLiveStore(path, aTickingClock()));

test('what was stored is there when the file is opened again', async () => {
  const first = openLiveStore(path);
  await track(first, { lease_ms: 1_000 });
  await first.recordObjects([{ object: 'raw/a', lines: 1, size_bytes: 1 }]);
  const now = '2025-11-04T00:00:00.000Z';
  await first.markChecked(await first.dueRuns(now, 10), now);
  const before = await first.summary();
  await first.close();

  const second = openLiveStore(path);
  expect(await second.summary()).toEqual(before);
  expect(await second.listRuns({ limit: 10 })).toHaveLength(1);
  expect(await second.dueRuns(now, 10)).toEqual([]);
  await second.close();
});

test('closing leaves one file, and may be repeated', async () => {
  const store = openLiveStore(path);
  await track(store, {});
  await store.close();
  await store.close();
  expect(readdirSync(folder)).toEqual(['live.sqlite']);
});

test('of a call whose update throws nothing is kept, and the next call is not harmed', async () => {
  const store = openLiveStore(path);
  await track(store, { run_id: 'a' });
  const runs = ['a', 'b', 'broken', 'c'].map((run_id) => runOf(anEvent({ run_id, owner: 'new' })));
  await expect(
    store.updateRuns(runs, (stored, arriving) => {
      if (arriving.run_id === 'broken') throw new Error('the update broke');
      return mergedInto(stored, arriving);
    }),
  ).rejects.toThrow('the update broke');
  const [only, ...others] = await store.listRuns({ limit: 10 });
  expect(only?.described).toEqual({});
  expect(others).toEqual([]);
  await track(store, { run_id: 'd' });
  expect(store.countRuns()).toBe(2);
  await store.close();
});

test('two stores on one file see what the other wrote', async () => {
  const mine = openLiveStore(path);
  const other = openLiveStore(path);
  await track(mine, { event_type: 'STEP_START', step_name: 'a' });
  await track(other, { event_type: 'STEP_START', step_name: 'b' });
  await track(mine, { event_type: 'STEP_START', step_name: 'c' });
  const [run] = await other.listRuns({ limit: 10 });
  expect(Object.keys(run?.steps ?? {}).sort()).toEqual(['::a', '::b', '::c']);
  await mine.close();
  await other.close();
});

test('nobody else can write between what update is given and what it returns', async () => {
  const store = openLiveStore(path);
  const other = new DatabaseSync(path);
  other.exec('pragma busy_timeout = 0');
  await store.updateRuns([runOf(anEvent())], (stored, arriving) => {
    expect(() => other.exec('begin immediate')).toThrow('database is locked');
    return mergedInto(stored, arriving);
  });
  other.close();
  await store.close();
});

test('what the summary tallies is what the objects say, whatever was marked', async () => {
  const object = fc.constantFrom('raw/a', 'raw/b', 'raw/c');
  const step = fc.record({
    object,
    mark: fc.constantFrom('record', 'track', 'compact', 'summarize', 'park', 'reopen', 'clear'),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const store = openLiveStore(':memory:');
      const marks = {
        record: (key: string) => store.recordObjects([{ object: key, lines: 3, size_bytes: 1 }]),
        track: (key: string) => store.changeObjects([key], tracked(NO_DATES, 0)),
        compact: (key: string) =>
          store.changeObjects(
            [key],
            compacted([{ object: key, lines: 3, inserted: 1, duplicates: 1, unreadable: 1, unaccepted: 0 }]),
          ),
        summarize: (key: string) => store.changeObjects([key], summarized),
        park: (key: string) => store.changeObjects([key], parked('why')),
        reopen: (key: string) => store.changeObjects([key], reopened),
        clear: () => store.clear(),
      };
      for (const { object: key, mark } of steps) await marks[mark](key).catch(() => undefined);
      const { objects, lines } = await store.summary();
      for (const stage of ['recorded', 'tracked', 'compacted', 'summarized', 'parked'] as const)
        expect(objects[stage]).toBe((await store.objectsAt(stage, {})).length);
      expect(lines.lines).toBe(lines.inserted + lines.duplicates + lines.unreadable + lines.unaccepted);
      expect(lines.lines).toBeGreaterThanOrEqual(3 * (objects.compacted + objects.summarized));
      await store.close();
    }),
  );
});

describe('a file that is no live store', () => {
  test('of a later version is refused with what to do', () => {
    const database = new DatabaseSync(path);
    database.exec('pragma user_version = 99');
    database.close();
    expect(() => openLiveStore(path)).toThrow(
      'got: its tables are of version 99, this ledger knows 5. Use the version that made it, or move the file away',
    );
  });

  test('in a folder that does not exist is refused with its path', () => {
    const missing = join(folder, 'none', 'live.sqlite');
    expect(() => openLiveStore(missing)).toThrow(`Expected ${missing} to be the live store of this ledger`);
  });
});

test('what SQLite refuses is explained, and nothing of the call is kept', async () => {
  const store = openLiveStore(path);
  const other = new DatabaseSync(path);
  other.exec(`create trigger refusing before insert on runs when new.run_id = 'refused'
    begin select raise(abort, 'the disk is broken'); end`);
  await expect(track(store, { run_id: 'a' }, { run_id: 'refused' })).rejects.toThrow(
    'Expected live.sqlite to take a change, got: the disk is broken. Nothing of it was kept. ' +
      'Check that its file can be written, then try again.',
  );
  expect(store.countRuns()).toBe(0);
  await track(store, { run_id: 'b' });
  expect(store.countRuns()).toBe(1);
  other.close();
  await store.close();
});
