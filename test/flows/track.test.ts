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
  track({ ...started, event_type: 'HEARTBEAT', event_time: `2025-11-03T${time}.000Z`, ...more });

test('a heartbeat that only says again what was said is not written before a third of the lease', async () => {
  await track(started);
  await heartbeatAt('12:01:00');
  await heartbeatAt('12:03:00');
  expect(writes).toBe(1);
  await heartbeatAt('12:03:20');
  expect(writes).toBe(2);
});

test('a heartbeat that says something new is written at once', async () => {
  await track(started);
  await heartbeatAt('12:01:00', { owner: 'platform' });
  expect(writes).toBe(2);
  const [run] = await live.listRuns({ limit: 1 });
  expect(run?.described.owner?.[2]).toBe('platform');
});

test('a step that ends is written at once', async () => {
  await track(started);
  await track({ ...started, event_type: 'STEP_END', step_name: 'load', event_time: '2025-11-03T12:01:00.000Z' });
  expect(writes).toBe(2);
});

test('a heartbeat that is not written tells the run as it is stored, and the dates it is found under', async () => {
  await track(started);
  const { transitions, ...dates } = await heartbeatAt('12:01:00');
  const [stored] = await live.listRuns({ limit: 1 });
  expect(transitions).toEqual([{ before: stored, after: stored }]);
  expect(dates).toEqual({ log_dates: ['2025-11-03'], run_dates: ['2025-11-03'], failures: [] });
});

test('a run whose start moves to another day tells the day it was on before and the day it is on now', async () => {
  await track({ event_type: 'HEARTBEAT', event_time: '2025-11-03T12:00:00.000Z' });
  const { run_dates } = await track({ event_time: '2025-11-02T23:00:00.000Z', event_date: '2025-11-02' });
  expect(run_dates).toEqual(['2025-11-02', '2025-11-03']);
});
