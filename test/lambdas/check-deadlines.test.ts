import { beforeEach, describe, expect, test } from 'vitest';
import { parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { trackRuns } from '../../flows/track.ts';
import { handlerOf } from '../../lambdas/check-deadlines.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { aNotificationLog } from '../fakes/notification-log.ts';
import { aLiveStore, aReport } from './fakes.ts';

let live: LiveStore;
let bus: ReturnType<typeof aBus>;
let clock: ReturnType<typeof aClock>;
let report: ReturnType<typeof aReport>;
let check: () => Promise<void>;

beforeEach(() => {
  bus = aBus();
  clock = aClock('2025-11-03T12:00:00.000Z');
  live = aLiveStore(clock);
  report = aReport();
  check = handlerOf({ live, bus, notificationLog: aNotificationLog(), clock, report });
});

const track = (...events: readonly Event[]) => trackRuns(live, foldRuns(events));

const started = anEvent({ sla: { expected_max_duration_ms: 600_000 }, lease_ms: 3_600_000 });
const words = () => bus.published.map(({ type }) => type);

test('a run over its SLA is told once, at the first look after it', async () => {
  await track(started);
  await check();
  expect(words()).toEqual([]);
  clock.at = '2025-11-03T12:10:30.000Z';
  await check();
  clock.at = '2025-11-03T12:11:30.000Z';
  await check();
  expect(words()).toEqual(['Run Late']);
  expect(bus.published[0]?.detail).toMatchObject({
    kind: 'late',
    run_id: 'run-1',
    occurred_at: '2025-11-03T12:10:00.000Z',
  });
  expect(report.lines.map(({ counts }) => counts.checked_at)).toEqual([0, 1, 0]);
});

test('a run that ended in time is not told', async () => {
  await track(started, anEvent({ event_type: 'RUN_END', status: 'SUCCESS', event_time: '2025-11-03T12:05:00.000Z' }));
  clock.at = '2025-11-03T12:11:00.000Z';
  await check();
  expect(words()).toEqual([]);
});

test('a run that is silent beyond its lease is told once, and its day becomes due', async () => {
  await track(anEvent({ lease_ms: 60_000 }));
  clock.at = '2025-11-03T12:02:00.000Z';
  await check();
  await check();
  expect(words()).toEqual(['Runs Silent', 'Run Failed']);
  expect(bus.published[1]?.detail).toMatchObject({ status: 'LOST' });
  expect(await live.dueDays(9)).toEqual(['2025-11-03']);
});

test('a late run that falls silent is told once: without heartbeats the one follows from the other', async () => {
  await track(anEvent({ sla: { expected_max_duration_ms: 600_000 }, lease_ms: 1_200_000 }));
  for (const minute of ['11', '15', '21', '40']) {
    clock.at = `2025-11-03T12:${minute}:00.000Z`;
    await check();
  }
  expect(words()).toEqual(['Run Late', 'Runs Silent']);
});

test('a run that fell silent in time is not told again when its SLA passes', async () => {
  await track(anEvent({ sla: { expected_max_duration_ms: 600_000 }, lease_ms: 60_000 }));
  for (const minute of ['02', '11']) {
    clock.at = `2025-11-03T12:${minute}:00.000Z`;
    await check();
  }
  expect(words()).toEqual(['Runs Silent', 'Run Failed']);
});

test('what could not be said is said at the next look', async () => {
  await track(started);
  clock.at = '2025-11-03T12:11:00.000Z';
  bus.isDown = true;
  await expect(check()).rejects.toThrow('the bus is away');
  bus.isDown = false;
  await check();
  expect(words()).toEqual(['Run Late']);
});

test('silence that a cut-off look had found reaches the metrics at the next one', async () => {
  await track(anEvent({ lease_ms: 60_000 }));
  clock.at = '2025-11-03T12:02:00.000Z';
  const addDueDays = live.addDueDays;
  live.addDueDays = async () => {
    throw new Error('cut off');
  };
  await expect(check()).rejects.toThrow('cut off');
  live.addDueDays = addDueDays;
  await check();
  expect(await live.dueDays(9)).toEqual(['2025-11-03']);
  expect(words()).toEqual(['Runs Silent', 'Run Failed']);
});

test('two checks at one time may both publish it; whoever notifies people keeps a log of its own', async () => {
  await track(started);
  clock.at = '2025-11-03T12:11:00.000Z';
  await Promise.all([check(), check()]);
  expect(new Set(words())).toEqual(new Set(['Run Late']));
});

test('a producer whose clock is an hour ahead is noticed an hour late, one whose clock is behind at once; none is missed', async () => {
  const sla = { expected_max_duration_ms: 600_000 };
  await track(
    anEvent({ run_id: 'ahead', event_time: '2025-11-03T13:00:00.000Z', sla, lease_ms: 1_200_000 }),
    anEvent({ run_id: 'behind', event_time: '2025-11-03T11:00:00.000Z', sla, lease_ms: 1_200_000 }),
  );
  const told: unknown[] = [];
  for (const [hour, minute] of ['12:01', '12:30', '13:09', '13:11'].map((time) => time.split(':'))) {
    clock.at = `2025-11-03T${hour}:${minute}:00.000Z`;
    const before = bus.published.length;
    await check();
    told.push(bus.published.slice(before).flatMap(({ detail }) => ('run_id' in detail ? detail.run_id : [])));
  }
  expect(told).toEqual([['behind'], [], [], ['ahead']]);
});

describe('what the history lane is behind', () => {
  const land = async (...names: readonly string[]): Promise<void> => {
    const objects = names.map((name) => `raw/dt=2020-01-01/hh=00/${name}`);
    await live.recordObjects(objects.map((object) => ({ object, size_bytes: 1 })));
    await live.changeObjects(objects, tracked({ event_dates: [], log_dates: [], run_dates: [] }, 0));
  };
  const lag = () => report.lines.at(-1)?.counts;

  test('is reported each minute without its functions, zeros included', async () => {
    await check();
    expect(lag()).toMatchObject({ compaction_lag_seconds: 0, summary_lag_seconds: 0, parked_objects: 0 });
    await land('a', 'b');
    await live.changeObjects(['raw/dt=2020-01-01/hh=00/b'], parked('it is torn'));
    clock.pass(90 * 60_000);
    await check();
    expect(lag()).toMatchObject({ compaction_lag_seconds: 5400, summary_lag_seconds: 0, parked_objects: 1 });
  });

  test('begins when an object is tracked, whatever hour is in its key: a copy of an old one is not late', async () => {
    await land('copied');
    await check();
    expect(lag()).toMatchObject({ compaction_lag_seconds: 0 });
  });

  test('is reported also when the check fails', async () => {
    await land('a');
    await track(started);
    clock.at = '2025-11-03T12:11:00.000Z';
    bus.isDown = true;
    await expect(check()).rejects.toThrow('the bus is away');
    expect(lag()).toMatchObject({ compaction_lag_seconds: 660 });
  });
});
