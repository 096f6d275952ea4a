import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { checkDeadlines, countSilentRuns } from '../../flows/check-deadlines.ts';
import { evaluateRuns } from '../../flows/evaluate.ts';
import { trackRuns } from '../../flows/track.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';

const START = '2025-11-03T12:00:00.000Z';
let live: LiveStore;
let alerts: { readonly bus: ReturnType<typeof aBus>; readonly notificationLog: ReturnType<typeof aNotificationLog> };
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  alerts = { bus: aBus(), notificationLog: aNotificationLog() };
});
const track = (...events: readonly Partial<Event>[]) => trackRuns(live, foldRuns(events.map(anEvent)));
const types = () => alerts.bus.published.map(({ type }) => type);
const late = { event_time: START, sla: { expected_max_duration_ms: 600_000 }, lease_ms: 1_200_000 };

describe('a check of the clock', () => {
  test('finds nothing before something is due', async () => {
    await track(late);
    expect(await checkDeadlines(live, '2025-11-03T12:10:00.000Z', alerts)).toEqual({
      checked_at: 0,
      silent: 0,
      published: 0,
    });
    expect(types()).toEqual([]);
  });

  test('publishes that a run is late, which makes no day due', async () => {
    await track(late);
    expect(await checkDeadlines(live, '2025-11-03T12:10:00.001Z', alerts)).toEqual({
      checked_at: 1,
      silent: 0,
      published: 1,
    });
    expect(types()).toEqual(['Run Late']);
    expect(await live.dueDays(9)).toEqual([]);
  });

  test('counts a run as silent once its lease has run out, and with it the time that a heartbeat may stay unwritten', async () => {
    await track({ event_time: START, lease_ms: 60_000 });
    expect(await checkDeadlines(live, '2025-11-03T12:01:05.999Z', alerts)).toMatchObject({ checked_at: 0 });
    expect(await checkDeadlines(live, '2025-11-03T12:01:06.000Z', alerts)).toEqual({
      checked_at: 1,
      silent: 1,
      published: 1,
    });
    expect(alerts.bus.published[0]).toEqual({ type: 'Runs Silent', detail: { runs: 1 } });
    expect(await live.dueDays(9)).toEqual(['2025-11-03']);
  });

  test('that comes late, after deadline and lease, does both at once, and once', async () => {
    await track(late);
    const after = '2025-11-03T13:00:00.000Z';
    expect(await checkDeadlines(live, after, alerts)).toEqual({ checked_at: 1, silent: 1, published: 1 });
    expect(types()).toEqual(['Runs Silent', 'Run Late']);
    expect(await checkDeadlines(live, after, alerts)).toEqual({ checked_at: 0, silent: 0, published: 0 });
  });

  test('that cannot publish is done again', async () => {
    await track(late);
    alerts.bus.isDown = true;
    await expect(checkDeadlines(live, '2025-11-03T12:11:00.000Z', alerts)).rejects.toThrow('the bus is away');
    alerts.bus.isDown = false;
    expect((await checkDeadlines(live, '2025-11-03T12:11:00.000Z', alerts)).published).toBe(1);
  });
});

test('silent runs of one day make it due once, others none; their checks stay due for those who alert', async () => {
  const events = ['a', 'b', 'c'].map((run_id) => ({ run_id, event_time: START, lease_ms: 60_000 }));
  const slow = { ...late, run_id: 'd', event_time: '2025-11-02T23:59:00.000Z', lease_ms: 86_400_000 };
  await track(...events, slow);
  const now = '2025-11-03T12:05:00.000Z';
  expect(await countSilentRuns(live, now)).toBe(3);
  expect(await live.dueDays(9)).toEqual(['2025-11-03']);
  expect((await checkDeadlines(live, now, alerts)).checked_at).toBe(4);
});

describe('what is wrong with runs', () => {
  const NOW = '2025-11-03T12:05:00.000Z';
  const failed = foldRuns([
    anEvent({ run_id: 'well' }),
    anEvent({ run_id: 'broken', event_type: 'RUN_END', status: 'FAILED' }),
  ]);

  test('is published once, however often they are evaluated', async () => {
    expect(await evaluateRuns(alerts, failed, NOW)).toBe(1);
    expect(await evaluateRuns(alerts, failed, NOW)).toBe(0);
    expect(alerts.bus.published).toMatchObject([{ type: 'Run Failed', detail: { run_id: 'broken', kind: 'failed' } }]);
  });

  test('is published of each of them', async () => {
    const both = ['a', 'b'].map((run_id) => anEvent({ run_id, event_type: 'RUN_END', status: 'FAILED' }));
    expect(await evaluateRuns(alerts, foldRuns(both), NOW)).toBe(2);
  });

  test('is published again when it could not be recorded, rather than lost', async () => {
    const { record } = alerts.notificationLog;
    alerts.notificationLog.record = async () => {
      throw new Error('the table is away');
    };
    await expect(evaluateRuns(alerts, failed, NOW)).rejects.toThrow('the table is away');
    alerts.notificationLog.record = record;
    expect(await evaluateRuns(alerts, failed, NOW)).toBe(1);
    expect(types()).toEqual(['Run Failed', 'Run Failed']);
  });
});
