import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { checkDeadlines } from '../../flows/check-deadlines.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';

const START = '2025-11-03T12:00:00.000Z';
let live: LiveStore;
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
});
const track = (...events: readonly Partial<Event>[]) => trackRuns(live, foldRuns(events.map(anEvent)));
const late = { event_time: START, sla: { expected_max_duration_ms: 600_000 }, lease_ms: 1_200_000 };

describe('a check of the clock', () => {
  test('finds nothing before something is due', async () => {
    await track(late);
    expect(await checkDeadlines(live, '2025-11-03T12:10:00.000Z')).toEqual({ checked_at: 0, silent: 0 });
  });

  test('of a run over its SLA makes no day due', async () => {
    await track(late);
    expect(await checkDeadlines(live, '2025-11-03T12:10:00.001Z')).toEqual({ checked_at: 1, silent: 0 });
    expect(await live.dueDays(9)).toEqual([]);
  });

  test('counts a run as silent once its lease has run out, and with it the time that a heartbeat may stay unwritten', async () => {
    await track({ event_time: START, lease_ms: 60_000 });
    expect(await checkDeadlines(live, '2025-11-03T12:01:05.999Z')).toMatchObject({ checked_at: 0 });
    expect(await checkDeadlines(live, '2025-11-03T12:01:06.000Z')).toEqual({ checked_at: 1, silent: 1 });
    expect(await live.dueDays(9)).toEqual(['2025-11-03']);
  });

  test('that comes late, after deadline and lease, does both at once, and once', async () => {
    await track(late);
    const after = '2025-11-03T13:00:00.000Z';
    expect(await checkDeadlines(live, after)).toEqual({ checked_at: 1, silent: 1 });
    expect(await checkDeadlines(live, after)).toEqual({ checked_at: 0, silent: 0 });
  });

  test('of silent runs of one day makes it due once, and of others none', async () => {
    const events = ['a', 'b', 'c'].map((run_id) => ({ run_id, event_time: START, lease_ms: 60_000 }));
    const slow = { ...late, run_id: 'd', event_time: '2025-11-02T23:59:00.000Z', lease_ms: 86_400_000 };
    await track(...events, slow);
    expect(await checkDeadlines(live, '2025-11-03T12:05:00.000Z')).toEqual({ checked_at: 4, silent: 3 });
    expect(await live.dueDays(9)).toEqual(['2025-11-03']);
  });
});
