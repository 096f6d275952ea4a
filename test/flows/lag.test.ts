import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { compacted, parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { lagOf } from '../../flows/lag.ts';

const NOW = '2025-11-03T14:30:00.000Z';
const landed = (hour: string, name: string) => `raw/dt=2025-11-03/hh=${hour}/${name}`;
let live: LiveStore;
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
});

async function track(object: string): Promise<void> {
  await live.recordObjects([{ object, size_bytes: 1 }]);
  await live.changeObjects([object], tracked({ event_dates: [], log_dates: [], run_dates: [] }, 0));
}
const counts = { lines: 1, inserted: 1, duplicates: 0, unreadable: 0, unaccepted: 0 };

test('nothing waits where nothing is', async () => {
  expect(await lagOf(live, NOW)).toEqual({ compaction_lag_seconds: 0, summary_lag_seconds: 0, parked_objects: 0 });
});

test('each stage waits as long as its oldest object; parked ones are counted', async () => {
  for (const [hour, name] of [
    ['10', 'a'],
    ['11', 'b'],
    ['12', 'c'],
    ['09', 'd'],
  ] as const)
    await track(landed(hour, name));
  await live.changeObjects([landed('10', 'a')], compacted([{ object: landed('10', 'a'), ...counts }]));
  await live.changeObjects([landed('09', 'd')], parked('it cannot be read'));
  expect(await lagOf(live, NOW)).toEqual({
    compaction_lag_seconds: 2.5 * 3600,
    summary_lag_seconds: 3.5 * 3600,
    parked_objects: 1,
  });
});
