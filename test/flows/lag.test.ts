import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { lagOf, waitedSeconds } from '../../flows/lag.ts';

const NOW = '2025-11-03T14:30:00.000Z';
const landed = (hour: string, name: string) => `raw/dt=2025-11-03/hh=${hour}/${name}`;
let live: LiveStore;
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
});

async function track(object: string): Promise<void> {
  await live.recordObjects([{ object, lines: 0, size_bytes: 1, event_dates: [] }]);
  await live.markTracked(object, [], { log_dates: [], run_dates: [] });
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
  await live.markCompacted([{ object: landed('10', 'a'), ...counts }]);
  await live.park([landed('09', 'd')], 'it cannot be read');
  expect(await lagOf(live, NOW)).toEqual({
    compaction_lag_seconds: 2.5 * 3600,
    summary_lag_seconds: 3.5 * 3600,
    parked_objects: 1,
  });
});

test('an object waits from the end of the hour it landed in, in whole seconds', () => {
  const object = landed('12', 'a');
  expect(waitedSeconds(object, '2025-11-03T12:00:00.000Z')).toBe(0);
  expect(waitedSeconds(object, '2025-11-03T13:00:00.999Z')).toBe(0);
  expect(waitedSeconds(object, '2025-11-03T13:00:01.000Z')).toBe(1);
  expect(waitedSeconds('raw/dt=2025-11-03/hh=23/a', '2025-11-04T00:00:05.000Z')).toBe(5);
});

test('what has no hour in its key has not waited', () => {
  for (const key of [undefined, 'raw/a', 'raw/dt=2025-11-03/a', 'raw/hh=12/a']) expect(waitedSeconds(key, NOW)).toBe(0);
});
