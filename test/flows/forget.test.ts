import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { forgetObjects, forgottenObjects } from '../../flows/forget.ts';
import { reconcileObjects } from '../../flows/reconcile.ts';
import { recordLanded } from '../../flows/track-object.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore, type FakeStore } from '../fakes/object-store.ts';

const [TORN, WHOLE] = ['raw/dt=2025-11-03/hh=12/torn', 'raw/dt=2025-11-03/hh=12/whole'] as const;
const clock = aClock('2025-11-03T14:30:00.000Z');
const mask = (text: string): string => text.replaceAll('secret', '[masked]');
let store: FakeStore;
let live: LiveStore;

const aLive = (): LiveStore => {
  const opened = openLiveStore(':memory:');
  onTestFinished(() => opened.close());
  return opened;
};

beforeEach(async () => {
  store = aStore();
  live = aLive();
  for (const object of [TORN, WHOLE]) store.objects.set(object, '');
  await live.recordObjects([TORN, WHOLE].map((object) => ({ object, lines: 7, size_bytes: 1 })));
  await live.changeObjects([TORN, WHOLE], tracked({ event_dates: [], log_dates: [], run_dates: [] }, 0));
  await live.changeObjects([TORN], parked('it is torn'));
});

const forget = (...objects: readonly string[]) =>
  forgetObjects({ store, live, clock, mask, hash: contentHash }, { objects, reason: 'the secret one' });

test('a forgotten object is named no more, and its lines are missed by nobody', async () => {
  expect(await forget(TORN)).toEqual([TORN]);
  expect(await live.summary()).toMatchObject({ parked: [], objects: { parked: 0, forgotten: 1 } });
  expect(await live.recordedLines('raw/')).toBe(7);
  expect(await live.objectsAt('forgotten', {})).toMatchObject([{ object: TORN, why: 'the [masked] one' }]);
});

test('the decision is an object of its own, its reason masked', async () => {
  await forget(TORN);
  expect(store.objects.get(`decisions/forgotten/${TORN}`)).toBe(
    `{"object":"${TORN}","decided_at":"2025-11-03T14:30:00.000Z","decision":"forgotten","reason":"the [masked] one"}\n`,
  );
  expect([...(await forgottenObjects(store))]).toEqual([TORN]);
});

test('what is not parked is not forgotten', async () => {
  expect(await forget(WHOLE, 'raw/unknown')).toEqual([]);
  expect((await forgottenObjects(store)).size).toBe(0);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: WHOLE }]);
});

test('a decision that was interrupted before its mark is made again', async () => {
  const { changeObjects } = live;
  live.changeObjects = () => Promise.reject(new Error('the live store is away'));
  await expect(forget(TORN)).rejects.toThrow('the live store is away');
  live.changeObjects = changeObjects;
  expect(await forget(TORN)).toEqual([TORN]);
  expect(await forget(TORN)).toEqual([]);
});

test('a live store that is built again knows it', async () => {
  await forget(TORN);
  const anew = aLive();
  expect(await recordLanded(store, anew)).toBe(2);
  expect((await anew.summary()).objects).toMatchObject({ recorded: 1, forgotten: 1 });
});

test('the nightly look for objects without a notification passes it over', async () => {
  await forget(TORN);
  const anew = aLive();
  const found = await reconcileObjects({ store, live: anew, bus: aBus(), ...judging() }, clock.now());
  expect(found).toEqual({ found_objects: 1, tracked: 1, errors: [] });
  expect((await anew.summary()).objects).toMatchObject({ tracked: 1, forgotten: 1 });
});
