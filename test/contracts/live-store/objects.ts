import { expect } from 'vitest';
import { parseInstant } from '../../../core/instant.ts';
import { type DataObject, type LineCounts, NO_DATES, type ObjectDates } from '../../../core/objects/data-object.ts';
import {
  compacted,
  failed,
  type ObjectChange,
  parked,
  reopened,
  summarized,
  tracked,
} from '../../../core/objects/object-change.ts';
import type { ObjectLimits } from '../../../core/objects/object-limits.ts';
import type { LiveStore } from '../../../core/ports/live-store.ts';
import type { Behaviour } from './behaviour.ts';
import { track } from './runs.ts';

const DATE = '2025-11-03';
const keyOf = (name: string): string => `raw/dt=${DATE}/hh=12/${name}.ndjson`;

const landed = (name: string, overrides: Partial<DataObject> = {}): DataObject => ({
  object: keyOf(name),
  lines: 10,
  size_bytes: 1_000,
  ...overrides,
});

const counted = (name: string, overrides: Partial<LineCounts> = {}): LineCounts => ({
  object: keyOf(name),
  lines: 10,
  inserted: 7,
  duplicates: 1,
  unreadable: 1,
  unaccepted: 1,
  ...overrides,
});

const change = (store: LiveStore, name: string, to: ObjectChange) => store.changeObjects([keyOf(name)], to);
const trackedOn = (event_dates: readonly string[], dates: Partial<ObjectDates> = {}): ObjectChange =>
  tracked({ ...NO_DATES, event_dates, ...dates }, 0);

async function compact(store: LiveStore, name: string): Promise<void> {
  await store.recordObjects([landed(name)]);
  await change(store, name, trackedOn([DATE]));
  await change(store, name, compacted([counted(name)]));
}

const stagesOf = async (store: LiveStore) => (await store.summary()).objects;
const NONE = { recorded: 0, tracked: 0, compacted: 0, summarized: 0, parked: 0, forgotten: 0 };

export function objectsContract(behaviour: Behaviour): void {
  behaviour('an object is known once it is recorded', async (store) => {
    expect(await store.hasObject(keyOf('a'))).toBe(false);
    await store.recordObjects([landed('a')]);
    expect(await store.hasObject(keyOf('a'))).toBe(true);
    expect(await store.objectsAt('recorded', {})).toEqual([
      { ...landed('a'), ...NO_DATES, stage: 'recorded', failures: 0 },
    ]);
  });

  behaviour('recording an object again leaves it as it is', async (store) => {
    await store.recordObjects([landed('a')]);
    await change(store, 'a', trackedOn([DATE]));
    await store.recordObjects([landed('a', { lines: 99 }), landed('b')]);
    expect(await store.objectsAt('tracked', {})).toMatchObject([{ object: keyOf('a'), lines: 10 }]);
    expect(await store.objectsAt('recorded', {})).toMatchObject([{ object: keyOf('b') }]);
  });

  behaviour('objects come oldest first, as many as the limits allow, at least one', async (store) => {
    await store.recordObjects([landed('c'), landed('a'), landed('d', { size_bytes: 1 }), landed('b')]);
    const names = async (limits: ObjectLimits) =>
      (await store.objectsAt('recorded', limits)).map(({ object }) => object.at(-8));
    expect(await names({ maxBytes: 0 })).toEqual(['a']);
    expect(await names({ maxBytes: 1_999 })).toEqual(['a']);
    expect(await names({ maxBytes: 2_000 })).toEqual(['a', 'b']);
    expect(await names({ maxBytes: 2_001 })).toEqual(['a', 'b']);
    expect(await names({ maxBytes: 3_001 })).toEqual(['a', 'b', 'c', 'd']);
    expect(await names({ maxObjects: 3 })).toEqual(['a', 'b', 'c']);
    expect(await names({ maxObjects: 3, maxBytes: 2_000 })).toEqual(['a', 'b']);
    expect(await names({ maxKeyBytes: 2 * keyOf('a').length })).toEqual(['a', 'b']);
    expect(await names({})).toEqual(['a', 'b', 'c', 'd']);
    expect(await store.objectsAt('tracked', {})).toEqual([]);
  });

  behaviour('an object keeps every date that tracking tells', async (store) => {
    await store.recordObjects([landed('a')]);
    await change(store, 'a', trackedOn(['2025-11-03']));
    await change(store, 'a', trackedOn(['2025-11-02'], { log_dates: ['2025-11-02'], run_dates: ['2025-11-01'] }));
    await change(store, 'a', trackedOn(['2025-11-04'], { log_dates: ['2025-11-01'], run_dates: ['2025-11-01'] }));
    expect(await store.objectsAt('tracked', {})).toMatchObject([
      {
        event_dates: ['2025-11-02', '2025-11-03', '2025-11-04'],
        log_dates: ['2025-11-01', '2025-11-02'],
        run_dates: ['2025-11-01'],
      },
    ]);
  });

  behaviour('an object goes through the stages in order', async (store) => {
    await store.recordObjects([landed('a')]);
    await change(store, 'a', trackedOn([DATE]));
    expect(await stagesOf(store)).toEqual({ ...NONE, tracked: 1 });
    await change(store, 'a', compacted([counted('a')]));
    expect(await stagesOf(store)).toEqual({ ...NONE, compacted: 1 });
    await change(store, 'a', summarized);
    expect(await stagesOf(store)).toEqual({ ...NONE, summarized: 1 });
  });

  behaviour('marks only move forward', async (store) => {
    await compact(store, 'a');
    await change(store, 'a', summarized);
    await change(store, 'a', trackedOn(['2025-11-09']));
    await change(store, 'a', compacted([counted('a', { lines: 10, inserted: 0, duplicates: 8 })]));
    expect(await store.objectsAt('summarized', {})).toMatchObject([{ event_dates: [DATE, '2025-11-09'] }]);
    expect((await store.summary()).lines.inserted).toBe(7);
  });

  behaviour('a stage cannot be left out', async (store) => {
    await store.recordObjects([landed('a')]);
    await expect(change(store, 'a', compacted([counted('a')]))).rejects.toThrow(
      `Expected ${keyOf('a')} to be tracked before it is compacted, it is recorded. Mark the stages in order.`,
    );
    await expect(change(store, 'a', summarized)).rejects.toThrow('to be compacted before it is summarized');
    expect(await stagesOf(store)).toEqual({ ...NONE, recorded: 1 });
  });

  behaviour('a mark on an unknown object is refused', async (store) => {
    const unknown = `Expected a recorded object, got ${keyOf('a')}, which is unknown. Record it first.`;
    await expect(change(store, 'a', trackedOn([]))).rejects.toThrow(unknown);
    await expect(change(store, 'a', compacted([counted('a')]))).rejects.toThrow(unknown);
    await expect(change(store, 'a', summarized)).rejects.toThrow(unknown);
    await expect(store.changeObjects([keyOf('a')], failed)).rejects.toThrow(unknown);
    await expect(change(store, 'a', parked('why'))).rejects.toThrow(unknown);
  });

  behaviour('a change returns the records as they are then, in the order given, without the unknown', async (store) => {
    await compact(store, 'a');
    await store.recordObjects([landed('b')]);
    await change(store, 'a', summarized);
    expect(await store.changeObjects([keyOf('b'), keyOf('unknown'), keyOf('a')], reopened)).toMatchObject([
      { object: keyOf('b'), stage: 'recorded' },
      { object: keyOf('a'), stage: 'compacted', counts: { inserted: 7 } },
    ]);
  });

  behaviour('a change that one object refuses changes none', async (store) => {
    await store.recordObjects([landed('a'), landed('b')]);
    await change(store, 'a', trackedOn([DATE]));
    const both = [keyOf('a'), keyOf('b')];
    await expect(store.changeObjects(both, compacted([counted('a'), counted('b')]))).rejects.toThrow(keyOf('b'));
    expect(await stagesOf(store)).toEqual({ ...NONE, recorded: 1, tracked: 1 });
  });

  behaviour('failures are counted for each object', async (store) => {
    await store.recordObjects([landed('a'), landed('b'), landed('c')]);
    await store.changeObjects([keyOf('a')], failed);
    expect(await store.changeObjects([keyOf('a'), keyOf('b')], failed)).toMatchObject([
      { object: keyOf('a'), failures: 2 },
      { object: keyOf('b'), failures: 1 },
    ]);
    expect(await store.objectsAt('recorded', {})).toMatchObject([{ failures: 2 }, { failures: 1 }, { failures: 0 }]);
  });

  behaviour('a parked object is named with its reason, and no stage takes it again', async (store) => {
    await store.recordObjects([landed('a'), landed('b')]);
    await change(store, 'a', trackedOn([DATE]));
    await change(store, 'a', parked('the engine cannot read it'));
    await change(store, 'a', compacted([counted('a')]));
    const summary = await store.summary();
    expect(summary.objects).toEqual({ ...NONE, recorded: 1, parked: 1 });
    expect(summary.parked).toEqual([{ object: keyOf('a'), why: 'the engine cannot read it' }]);
    expect(summary.lines.lines).toBe(0);
  });

  behaviour('an object that came through all stages is not parked', async (store) => {
    await compact(store, 'a');
    await change(store, 'a', summarized);
    await change(store, 'a', parked('late'));
    expect(await stagesOf(store)).toEqual({ ...NONE, summarized: 1 });
  });

  behaviour('reopened objects are summarized again, and others stay where they are', async (store) => {
    await compact(store, 'a');
    await change(store, 'a', summarized);
    await store.recordObjects([landed('b')]);
    await store.changeObjects([keyOf('a'), keyOf('b'), keyOf('unknown')], reopened);
    expect(await stagesOf(store)).toEqual({ ...NONE, recorded: 1, compacted: 1 });
    expect((await store.summary()).lines.inserted).toBe(7);
  });

  behaviour('tells how many lines landed under a prefix', async (store) => {
    await store.recordObjects([
      landed('a'),
      landed('b', { lines: 5 }),
      landed('c', { object: 'raw/dt=2025-11-04/hh=00/c.ndjson', lines: 100 }),
    ]);
    expect(await store.recordedLines('raw/')).toBe(115);
    expect(await store.recordedLines(`raw/dt=${DATE}/`)).toBe(15);
    expect(await store.recordedLines('raw/dt=2025-11-05/')).toBe(0);
  });

  behaviour('the lines of a parked object, which nothing can read, are not told', async (store) => {
    await store.recordObjects([landed('a'), landed('b', { lines: 5 })]);
    await change(store, 'a', parked('the engine cannot read it'));
    expect(await store.recordedLines('raw/')).toBe(5);
    expect(await store.recordedLines(`raw/dt=${DATE}/`)).toBe(5);
  });

  behaviour('an object recorded uncounted has the lines that compaction counted', async (store) => {
    await store.recordObjects([landed('a', { lines: undefined })]);
    await change(store, 'a', trackedOn([DATE]));
    expect(await store.recordedLines('raw/')).toBe(0);
    await change(store, 'a', compacted([counted('a')]));
    expect(await store.recordedLines('raw/')).toBe(10);
  });

  behaviour('what waits at a stage is counted, since the one that has been there longest is', async (store) => {
    expect(await store.waitingAt('recorded')).toEqual({ objects: 0, since: undefined });
    await store.recordObjects([landed('b')]);
    const { since } = await store.waitingAt('recorded');
    expect(parseInstant(since, 'UTC')?.instant).toBe(since);
    // The order of keys is not that of their coming.
    await store.recordObjects([landed('a')]);
    expect(await store.waitingAt('recorded')).toEqual({ objects: 2, since });
    await change(store, 'a', trackedOn([DATE]));
    await change(store, 'b', trackedOn([DATE]));
    expect(await store.waitingAt('recorded')).toEqual({ objects: 0, since: undefined });
    const first = await store.waitingAt('tracked');
    expect(first.objects).toBe(2);
    await change(store, 'a', trackedOn(['2025-11-02']));
    expect(await store.waitingAt('tracked'), 'a change that is no move begins no waiting').toEqual(first);
  });

  behaviour('the summary counts the lines of compacted objects so that they add up', async (store) => {
    await compact(store, 'a');
    await compact(store, 'b');
    await store.recordObjects([landed('c')]);
    await store.addDueDays([DATE]);
    expect(await store.summary()).toEqual({
      objects: { ...NONE, recorded: 1, compacted: 2 },
      lines: { lines: 20, inserted: 14, duplicates: 2, unreadable: 2, unaccepted: 2 },
      due_days: 1,
      parked: [],
    });
  });

  behaviour('clearing forgets runs, objects and due days', async (store) => {
    const empty = await store.summary();
    await track(store, {});
    await compact(store, 'a');
    await store.addDueDays([DATE]);
    await store.clear();
    expect(await store.summary()).toEqual(empty);
    expect(await store.hasObject(keyOf('a'))).toBe(false);
    await compact(store, 'a');
    expect((await store.summary()).lines.lines).toBe(10);
  });
}
