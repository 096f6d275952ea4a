import { beforeEach, expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';

let live: LiveStore;
let writes: number;
beforeEach(() => {
  const store = openLiveStore(':memory:');
  writes = 0;
  live = {
    ...store,
    updateRuns: (runs, update) =>
      store.updateRuns(runs, (stored, arriving) => {
        const updated = update(stored, arriving);
        if (updated) writes += 1;
        return updated;
      }),
  };
});

const started = { owner: 'data', lease_ms: 600_000, event_time: '2025-11-03T12:00:00.000Z' };
const track = (event: Partial<Event>) => trackRuns(live, foldRuns([anEvent(event)]));
const heartbeatAt = (time: string, more: Partial<Event> = {}) =>
  track({ lease_ms: started.lease_ms, event_type: 'HEARTBEAT', event_time: `2025-11-03T${time}.000Z`, ...more });

test('a heartbeat is not written before a tenth of the lease', async () => {
  await track(started);
  await heartbeatAt('12:00:10');
  expect(writes).toBe(2);
  await heartbeatAt('12:00:30');
  await heartbeatAt('12:01:09');
  expect(writes).toBe(2);
  await heartbeatAt('12:01:10');
  expect(writes).toBe(3);
});

test('a heartbeat that says something is written at once, also when it says it again: the last to say it counts', async () => {
  await track(started);
  await heartbeatAt('12:00:10');
  await heartbeatAt('12:00:20', { owner: 'data' });
  await heartbeatAt('12:00:15', { owner: 'platform' });
  // What was said at 12:00:20 stands, so there is nothing new to write.
  expect(writes).toBe(3);
  const [run] = await live.listRuns({ limit: 1 });
  expect(run?.described.owner?.[2]).toBe('data');
});

test('a step that ends is written at once', async () => {
  await track(started);
  await track({ ...started, event_type: 'STEP_END', step_name: 'load', event_time: '2025-11-03T12:01:00.000Z' });
  expect(writes).toBe(2);
});

test('a heartbeat that is not written tells the run as it is stored, and the dates it is found under', async () => {
  await track(started);
  await heartbeatAt('12:00:10');
  const { transitions, ...dates } = await heartbeatAt('12:00:20');
  const [stored] = await live.listRuns({ limit: 1 });
  expect(transitions).toEqual([{ before: stored, after: stored }]);
  expect(dates).toEqual({
    event_dates: [],
    log_dates: ['2025-11-03'],
    run_dates: ['2025-11-03'],
    failures: [],
    date_changes: 0,
  });
});

test('a run tells every day on which its row may stand, whichever of its events the lake has', async () => {
  await track({
    event_time: '2025-11-03T12:00:00.000Z',
    event_type: 'RUN_END',
    start_time: '2025-11-01T23:00:00.000Z',
  });
  const { run_dates, date_changes } = await track({
    event_time: '2025-11-04T12:00:00.000Z',
    event_type: 'STEP_END',
    step_name: 'load',
    start_time: '2025-10-31T00:00:00.000Z',
  });
  expect(run_dates).toEqual(['2025-10-31', '2025-11-01', '2025-11-03', '2025-11-04']);
  expect([date_changes, await live.dateChanges()]).toEqual([1, 1]);
});

test('an untimed event may have a copy on every day of its run', async () => {
  await track({ event_time: '2025-11-03T12:00:00.000Z' });
  const { event_dates } = await track({ event_time: '2025-11-04T12:00:00.000Z', flags: ['event_time_assumed'] });
  expect(event_dates).toEqual(['2025-11-03', '2025-11-04']);
});

test('a run whose start moves to another day tells the day it was on before and the day it is on now', async () => {
  await track({ event_type: 'HEARTBEAT', event_time: '2025-11-03T12:00:00.000Z' });
  const { run_dates } = await track({ event_time: '2025-11-02T23:00:00.000Z', event_date: '2025-11-02' });
  expect(run_dates).toEqual(['2025-11-02', '2025-11-03']);
});
