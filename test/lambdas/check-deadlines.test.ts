import { beforeEach, describe, expect, test } from 'vitest';
import { contentHash } from '../../adapters/content-hash.ts';
import { parked, tracked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { applyPipelines } from '../../flows/apply-pipelines.ts';
import { evaluateRuns } from '../../flows/evaluate.ts';
import { trackRuns } from '../../flows/track.ts';
import { handlerOf } from '../../lambdas/check-deadlines.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { aLiveStore, aReport } from './fakes.ts';

let live: LiveStore;
let bus: ReturnType<typeof aBus>;
let clock: ReturnType<typeof aClock>;
let report: ReturnType<typeof aReport>;
let ports: ReturnType<typeof judging>;
let store: ReturnType<typeof aStore>;
let beats: string[];
let check: () => Promise<void>;

beforeEach(() => {
  bus = aBus();
  clock = aClock('2025-11-03T12:00:00.000Z');
  live = aLiveStore(clock);
  report = aReport();
  ports = judging();
  store = aStore();
  beats = [];
  const beat = async (reference: string) => void beats.push(reference);
  check = handlerOf({ ...ports, live, bus, store, clock, report, beat });
});

/** Tracks events, and judges their pipelines, as they come. */
const track = async (...events: readonly Event[]): Promise<void> => {
  const { transitions } = await trackRuns(live, foldRuns(events));
  await evaluateRuns({ ...ports, live, bus, store: aStore() }, transitions, clock.now());
};

const started = anEvent({ sla: { expected_max_duration_ms: 600_000 }, lease_ms: 3_600_000 });
/** What is wrong, run by run. */
const found = async () => {
  const all = await ports.incidents.listIncidents({ limit: 9 });
  return Object.fromEntries(all.map(({ slot, reasons }) => [slot, reasons.map(({ reason }) => reason)]));
};
const types = () => bus.published.map(({ type }) => type);

test('a run over its SLA is found at the first check after it, and asked to be told until it is', async () => {
  await track(started);
  await check();
  expect(await found()).toEqual({});
  for (const minute of ['10:30', '11:30']) {
    clock.at = `2025-11-03T12:${minute}.000Z`;
    await check();
  }
  expect(await found()).toEqual({ 'run run-1': ['SLA_BREACH'] });
  expect(types()).toEqual(['Notices Waiting', 'Notices Waiting']);
  expect(report.lines.map(({ counts }) => [counts.pipelines, counts.incidents])).toEqual([
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
});

test('of a run that ended in time nothing is found', async () => {
  await track(started, anEvent({ event_type: 'RUN_END', status: 'SUCCESS', event_time: '2025-11-03T12:05:00.000Z' }));
  clock.at = '2025-11-03T12:11:00.000Z';
  await check();
  expect(await found()).toEqual({});
});

test('a run that is silent beyond its lease is found, and its day becomes due', async () => {
  await track(anEvent({ lease_ms: 60_000 }));
  clock.at = '2025-11-03T12:02:00.000Z';
  await check();
  expect(types()).toEqual(['Runs Silent', 'Notices Waiting']);
  expect(await found()).toEqual({ 'run run-1': ['STALLED'] });
  expect(await live.dueDays(9)).toEqual(['2025-11-03']);
});

test('silence that could not be noted reaches the metrics at the next check, and keeps no pipeline from being judged', async () => {
  await track(anEvent({ lease_ms: 60_000 }));
  clock.at = '2025-11-03T12:02:00.000Z';
  const addDueDays = live.addDueDays;
  live.addDueDays = async () => {
    throw new Error('cut off');
  };
  await expect(check()).rejects.toThrow('cut off');
  expect(await found()).toEqual({ 'run run-1': ['STALLED'] });
  live.addDueDays = addDueDays;
  await check();
  expect(await live.dueDays(9)).toEqual(['2025-11-03']);
});

test('two checks at one time find it once', async () => {
  await track(started);
  clock.at = '2025-11-03T12:11:00.000Z';
  await Promise.all([check(), check()]);
  const [incident] = await ports.incidents.listIncidents({ limit: 9 });
  expect(incident).toMatchObject({ changes: 1, outbox: [{ kind: 'opened' }] });
});

test('a producer whose clock is an hour ahead is noticed an hour late, one whose clock is behind at once; none is missed', async () => {
  const sla = { expected_max_duration_ms: 600_000 };
  await track(
    anEvent({ run_id: 'ahead', event_time: '2025-11-03T13:00:00.000Z', sla, lease_ms: 1_200_000 }),
    anEvent({ run_id: 'behind', event_time: '2025-11-03T11:00:00.000Z', sla, lease_ms: 1_200_000 }),
  );
  const seen: (readonly string[])[] = [];
  for (const time of ['12:01', '12:30', '13:09', '13:11']) {
    clock.at = `2025-11-03T${time}:00.000Z`;
    await check();
    seen.push(Object.keys(await found()).sort());
  }
  const [behind, ahead] = ['run behind', 'run ahead'];
  expect(seen).toEqual([[behind], [behind], [behind], [ahead, behind]]);
});

test('a monitor outside hears from a clock that does its work, as often as the file says', async () => {
  const file = 'version: 1\nledger: { heartbeat: { url: "ssm:/runledger/monitor", every: 5m } }\n';
  const holidays = async () => ({ datesOf: () => [] });
  const applied = await applyPipelines(
    { ...ports, live, store, hash: contentHash, holidays, environment: 'prod' },
    file,
    clock.now(),
  );
  expect(applied.problems).toEqual([]);
  for (let minute = 0; minute < 10; minute++) {
    await check();
    clock.pass(60_000);
  }
  expect(beats).toEqual(['ssm:/runledger/monitor', 'ssm:/runledger/monitor']);
  live.dueRuns = async () => {
    throw new Error('the table is away');
  };
  await expect(check()).rejects.toThrow('the table is away');
  expect(beats).toHaveLength(2);
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
