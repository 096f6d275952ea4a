import { expect, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import type { Event } from '../../core/schema/event.ts';
import { recordLanded } from '../../flows/track-object.ts';
import { startHistoryLane } from '../../local/history-lane.ts';
import { startLiveLane } from '../../local/live-lane.ts';
import { watchTroubles } from '../../local/troubles.ts';
import { anEvent } from '../factories.ts';
import { aClock } from '../fakes/clock.ts';
import { broken, everyFault, type Fault, faultsOf } from '../fakes/faulty.ts';
import { aLake } from '../fakes/lake.ts';
import { aStore } from '../fakes/object-store.ts';

const key = (name: string) => `raw/dt=2025-11-03/hh=12/${name}.ndjson`;
const start = anEvent({ run_id: 'good' });
const end = anEvent({
  run_id: 'good',
  event_type: 'RUN_END',
  status: 'SUCCESS',
  event_time: '2025-11-03T12:05:00.000Z',
});
const other = anEvent({
  run_id: 'other',
  event_type: 'RUN_END',
  status: 'FAILED',
  event_time: '2025-11-03T12:06:00.000Z',
});
const SEGMENTS: readonly (readonly [string, readonly Event[]])[] = [
  [key('one'), [start, other]],
  [key('two'), [end, start]],
];
const LIMITS = { compactBytes: 1_000_000, summarizeBytes: 1_000_000 };

/** Two segments land, batch by batch, and go through both lanes of a running ledger. */
async function scenario(fault?: Fault) {
  const faults = faultsOf(fault);
  const files = aStore();
  const memory = openLiveStore(':memory:');
  const store = faults.wrap('store', files);
  const live = faults.wrap('live', memory);
  const lake = aLake(files);
  const errors: unknown[] = [];
  const note = (error: unknown) => void errors.push(error);
  const clock = aClock('2025-11-03T12:10:00.000Z');
  const troubles = watchTroubles(clock, note, () => undefined);
  const lane = startLiveLane(live, troubles, note);
  const sink = { send: () => Promise.reject(new Error('nothing is sent')) };
  const history = startHistoryLane(
    { engine: faults.wrap('engine', lake), live, store, sink, clock, limits: LIMITS },
    troubles,
    note,
    { packSome: async () => false },
  );
  /** As a question does. */
  const settle = async (): Promise<void> => {
    await lane.drain();
    if (lane.gaps() > 0) await recordLanded(store, live).catch(note);
    await history.drain().catch(() => undefined);
  };
  for (const [object, events] of SEGMENTS) {
    for (const event of events) {
      files.objects.set(object, `${files.objects.get(object) ?? ''}${JSON.stringify(event)}\n`);
      lane.take({ kind: 'runs', object, event_dates: [event.event_date], runs: JSON.stringify(foldRuns([event])) });
    }
    lane.take({ kind: 'sealed', object, lines: 2, size_bytes: Buffer.byteLength(files.objects.get(object) ?? '') });
    await settle();
  }
  const during = troubles.list();
  faults.heal();
  await settle();
  const runs = await memory.listRuns({ limit: 9 });
  const { objects, parked, due_days } = await memory.summary();
  const after = troubles.list();
  lane.close();
  await history.close();
  await memory.close();
  return { faults, lake, errors, during, after, runs, objects, parked, due_days };
}

type Outcome = Awaited<ReturnType<typeof scenario>>;

function expectAll({ lake, runs, objects, parked, due_days, after }: Outcome): void {
  expect([...lake.log].sort()).toEqual([start, end, other].map(({ event_key }) => event_key).sort());
  expect([...lake.summarized].sort()).toEqual(['good', 'other']);
  expect([...lake.aggregated]).toEqual(['2025-11-03']);
  expect(runs.map(({ run_id, event_dates }) => [run_id, event_dates]).sort()).toEqual([
    ['good', ['2025-11-03']],
    ['other', ['2025-11-03']],
  ]);
  expect(runs.find(({ run_id }) => run_id === 'good')?.opened?.work.first_end).toBe('2025-11-03T12:05:00.000Z');
  expect({ parked, due_days, after }).toEqual({ parked: [], due_days: 0, after: [] });
  expect(objects).toEqual({ recorded: 0, tracked: 0, compacted: 0, summarized: 2, parked: 0, forgotten: 0 });
}

test('each call of each port may fail, at once, half way or late: without a restart all is in every answer, once', async () => {
  const whole = await scenario();
  expectAll(whole);
  expect(whole.errors).toEqual([]);
  const faults = everyFault(whole.faults.calls);
  expect(faults.length).toBeGreaterThan(60);
  for (const fault of faults) {
    const outcome = await scenario(fault);
    try {
      expect(outcome.faults.happened()).toBe(true);
      expect(outcome.errors).toContain(broken);
      expectAll(outcome);
    } catch (error) {
      throw new Error(`after ${JSON.stringify(fault)}`, { cause: error });
    }
  }
}, 180_000);
