import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import type { ObjectStore } from '../../core/ports/object-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { trackRecorded } from '../../flows/track-object.ts';
import { type LiveLane, startLiveLane } from '../../local/live-lane.ts';
import { watchTroubles } from '../../local/troubles.ts';
import { anEvent } from '../factories.ts';
import { aClock } from '../fakes/clock.ts';

const SEGMENT = 'raw/dt=2025-11-03/hh=12/segment.ndjson';
const NOW = '2025-11-03T12:10:00.000Z';
const WELL = 'live runs: works again';
const broken = new Error('the disk is full');

let live: LiveStore;
/** How many of the next updates fail. */
let failing: number;
let errors: unknown[];
let sealed: number;
let lane: LiveLane;
beforeEach(() => {
  const store = openLiveStore(':memory:');
  live = {
    ...store,
    updateRuns: (runs, update) => (failing-- > 0 ? Promise.reject(broken) : store.updateRuns(runs, update)),
  };
  failing = 0;
  errors = [];
  sealed = 0;
  const note = (error: unknown) => errors.push(error);
  lane = startLiveLane(
    live,
    watchTroubles(aClock(NOW), note, (text) => errors.push(text)),
    note,
  );
  lane.onRecorded(() => {
    sealed += 1;
  });
  onTestFinished(async () => {
    lane.close();
    await live.close();
  });
});

const batch = (event: Partial<Event>, object = SEGMENT) => {
  const { event_date } = anEvent(event);
  return { kind: 'runs' as const, object, event_dates: [event_date], runs: JSON.stringify(foldRuns([anEvent(event)])) };
};
const seal = (object = SEGMENT) => ({ kind: 'sealed' as const, object, lines: 2, size_bytes: 100 });

test('runs are live as their batch lands, and the object is tracked once its segment is sealed', async () => {
  lane.take(batch({ run_id: 'a' }));
  lane.take(batch({ run_id: 'b', event_time: '2025-11-04T01:00:00.000Z', event_date: '2025-11-04' }));
  expect(lane.waiting()).toBe(2);
  await lane.drain();
  expect(await live.listRuns({ limit: 10 })).toHaveLength(2);
  expect(await live.hasObject(SEGMENT)).toBe(false);

  lane.take(seal());
  await lane.drain();
  const dates = ['2025-11-03', '2025-11-04'];
  expect(await live.objectsAt('tracked', {})).toMatchObject([
    { object: SEGMENT, lines: 2, size_bytes: 100, event_dates: dates, log_dates: dates, run_dates: dates },
  ]);
  expect([lane.waiting(), sealed, errors]).toEqual([0, 1, []]);
});

test('a segment of which a batch could not be merged is recorded only, and its runs come from its file', async () => {
  failing = 1;
  lane.take(batch({ run_id: 'lost' }));
  lane.take(batch({ run_id: 'merged' }));
  lane.take(seal());
  await lane.drain();
  expect(errors).toEqual([broken, WELL]);
  expect(await live.objectsAt('tracked', {})).toEqual([]);
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: SEGMENT, lines: 2, size_bytes: 100 }]);
  expect(sealed).toBe(1);

  const lines = ['lost', 'merged'].map((run_id) => JSON.stringify(anEvent({ run_id })));
  const files = { get: async () => Buffer.from(`${lines.join('\n')}\n`) } as Partial<ObjectStore> as ObjectStore;
  expect(await trackRecorded(files, live)).toMatchObject({ tracked: 1 });
  expect((await live.listRuns({ limit: 10 })).map(({ run_id }) => run_id).sort()).toEqual(['lost', 'merged']);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: SEGMENT, event_dates: ['2025-11-03'] }]);
});

test('a broken last batch leaves its segment untracked too, and the next segment is not harmed', async () => {
  lane.take(batch({ run_id: 'a' }));
  await lane.drain();
  failing = 1;
  lane.take(batch({ run_id: 'b' }));
  lane.take(seal());
  lane.take(batch({ run_id: 'c' }, `${SEGMENT}.next`));
  lane.take(seal(`${SEGMENT}.next`));
  await lane.drain();
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: SEGMENT }]);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: `${SEGMENT}.next` }]);
});

test('a sealed segment of which no batch was seen is recorded, to be read from its file', async () => {
  lane.take(seal());
  await lane.drain();
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: SEGMENT }]);
});

describe('while the live store fails', () => {
  let isBroken: boolean;
  beforeEach(() => {
    isBroken = true;
    const { recordObjects } = live;
    live.recordObjects = (objects) => (isBroken ? Promise.reject(broken) : recordObjects(objects));
  });

  test('sealed segments are kept, its cause is told once, and they are recorded once it is well', async () => {
    lane.take(batch({ run_id: 'a' }));
    lane.take(seal());
    lane.take(batch({ run_id: 'b' }, `${SEGMENT}.next`));
    lane.take(seal(`${SEGMENT}.next`));
    await lane.drain();
    expect([errors, sealed, lane.gaps()]).toEqual([[broken], 0, 1]);
    isBroken = false;
    await lane.drain();
    expect([errors, sealed]).toEqual([[broken, WELL], 2]);
    expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: SEGMENT }]);
    // Its batch was left out meanwhile, so its runs come from its file.
    expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: `${SEGMENT}.next` }]);
  });

  test('it is tried again by itself', async () => {
    const recorded = new Promise<void>((resolve) => lane.onRecorded(resolve));
    lane.take(seal());
    await lane.drain();
    isBroken = false;
    await recorded;
    expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: SEGMENT }]);
  });
});

test('when the worker died, what it told last is not trusted: its segments are read from their files', async () => {
  lane.take(batch({ run_id: 'a' }));
  lane.forget();
  lane.take(seal());
  await lane.drain();
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: SEGMENT }]);
  expect(lane.gaps()).toBeGreaterThan(0);
});
