import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { compacted, parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { lagOf } from '../../flows/lag.ts';
import { aClock, type FakeClock } from '../fakes/clock.ts';

const landed = (name: string) => `raw/dt=2025-11-03/hh=12/${name}`;
let clock: FakeClock;
let live: LiveStore;
beforeEach(() => {
  clock = aClock('2025-11-03T14:30:00.000Z');
  live = openLiveStore(':memory:', clock);
  onTestFinished(() => live.close());
});

async function track(name: string): Promise<void> {
  const object = landed(name);
  await live.recordObjects([{ object, size_bytes: 1 }]);
  await live.changeObjects([object], tracked({ event_dates: [], log_dates: [], run_dates: [] }, 0));
}
const counts = { lines: 1, inserted: 1, duplicates: 0, unreadable: 0, unaccepted: 0 };

test('nothing waits where nothing is', async () => {
  expect(await lagOf(live, clock.now())).toEqual({
    compaction_lag_seconds: 0,
    summary_lag_seconds: 0,
    parked_objects: 0,
  });
});

test('each stage waits as long as the object that has been there longest; parked ones are counted', async () => {
  await track('a');
  clock.pass(3_600_000);
  await live.changeObjects([landed('a')], compacted([{ object: landed('a'), ...counts }]));
  clock.pass(1_800_000);
  // Their keys sort before that of the object that came first.
  await track('c');
  clock.pass(600_000);
  await track('b');
  await track('d');
  await live.changeObjects([landed('d')], parked('it cannot be read'));
  clock.pass(900_000);
  expect(await lagOf(live, clock.now())).toEqual({
    compaction_lag_seconds: 1500,
    summary_lag_seconds: 3300,
    parked_objects: 1,
  });
});
