import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { failed, parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { CorruptObjectError } from '../../core/ports/object-store.ts';
import { parkedObjects, retryObjects } from '../../flows/retry-objects.ts';
import { trackObject } from '../../flows/track-object.ts';
import { anEvent } from '../factories.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';

const OBJECT = 'raw/dt=2025-11-03/hh=12/a';
let store: FakeStore;
let live: LiveStore;
beforeEach(async () => {
  store = aStore();
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  store.objects.set(OBJECT, `${JSON.stringify(anEvent({ run_id: 'one' }))}\n`);
  await live.recordObjects([{ object: OBJECT, size_bytes: 9 }]);
});

const NONE = { event_dates: [], log_dates: [], run_dates: [] };
const park = () => live.changeObjects([OBJECT], parked('no statement can read it'));

test('parked objects are listed with the reason', async () => {
  await park();
  expect(await parkedObjects(live)).toEqual([{ object: OBJECT, size_bytes: 9, why: 'no statement can read it' }]);
});

test('one that was tracked is due to be compacted, as if it had never failed', async () => {
  await live.changeObjects([OBJECT], tracked(NONE, 0));
  await live.changeObjects([OBJECT], failed);
  await park();
  expect(await retryObjects({ store, live }, [OBJECT])).toEqual({ retried: [OBJECT], parked: [] });
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: OBJECT, failures: 0 }]);
  expect(await live.listRuns({ limit: 9 }), 'and its runs are not merged again').toEqual([]);
});

test('one that never was tracked is tracked', async () => {
  await park();
  expect(await retryObjects({ store, live }, [OBJECT])).toEqual({ retried: [OBJECT], parked: [] });
  expect(await live.listRuns({ limit: 9 })).toMatchObject([{ run_id: 'one' }]);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: OBJECT }]);
});

test('one that still cannot be read is parked again, with the reason of now', async () => {
  await park();
  store.get = () => Promise.reject(new CorruptObjectError('it is cut off'));
  expect(await retryObjects({ store, live }, [OBJECT])).toEqual({
    retried: [],
    parked: [{ object: OBJECT, size_bytes: 9, why: 'it is cut off' }],
  });
});

test('what is not parked is passed over', async () => {
  expect(await retryObjects({ store, live }, [OBJECT, 'raw/unknown'])).toEqual({ retried: [], parked: [] });
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: OBJECT }]);
});

test('a mended copy that lands in its place is due by itself', async () => {
  await live.changeObjects([OBJECT], tracked(NONE, 0));
  await park();
  await trackObject(store, live, { key: OBJECT, size_bytes: 11 });
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: OBJECT, size_bytes: 11, failures: 0 }]);
});
