import { expect } from 'vitest';
import type { DataObject, LineCounts } from '../../../core/objects/data-object.ts';
import type { ObjectLimits } from '../../../core/ports/data-objects.ts';
import type { LiveStore } from '../../../core/ports/live-store.ts';
import type { Behaviour } from './behaviour.ts';
import { track } from './runs.ts';

const DATE = '2025-11-03';
const NO_DATES = { log_dates: [], run_dates: [] };
const keyOf = (name: string): string => `raw/dt=${DATE}/hh=12/${name}.ndjson`;

const landed = (name: string, overrides: Partial<DataObject> = {}): DataObject => ({
  object: keyOf(name),
  lines: 10,
  size_bytes: 1_000,
  event_dates: [DATE],
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

async function compacted(store: LiveStore, name: string): Promise<void> {
  await store.recordObjects([landed(name)]);
  await store.markTracked(keyOf(name), [DATE], NO_DATES);
  await store.markCompacted([counted(name)]);
}

const stagesOf = async (store: LiveStore) => (await store.summary()).objects;
const NONE = { recorded: 0, tracked: 0, compacted: 0, summarized: 0, parked: 0 };

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
    await store.markTracked(keyOf('a'), [DATE], NO_DATES);
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
    expect(await names({})).toEqual(['a', 'b', 'c', 'd']);
    expect(await store.objectsAt('tracked', {})).toEqual([]);
  });

  behaviour('an object keeps every date that tracking tells', async (store) => {
    await store.recordObjects([landed('a', { event_dates: ['2025-11-03'] })]);
    await store.markTracked(keyOf('a'), ['2025-11-02'], { log_dates: ['2025-11-02'], run_dates: ['2025-11-01'] });
    await store.markTracked(keyOf('a'), ['2025-11-04'], { log_dates: ['2025-11-01'], run_dates: ['2025-11-01'] });
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
    await store.markTracked(keyOf('a'), [DATE], NO_DATES);
    expect(await stagesOf(store)).toEqual({ ...NONE, tracked: 1 });
    await store.markCompacted([counted('a')]);
    expect(await stagesOf(store)).toEqual({ ...NONE, compacted: 1 });
    await store.markSummarized([keyOf('a')]);
    expect(await stagesOf(store)).toEqual({ ...NONE, summarized: 1 });
  });

  behaviour('marks only move forward', async (store) => {
    await compacted(store, 'a');
    await store.markSummarized([keyOf('a')]);
    await store.markTracked(keyOf('a'), ['2025-11-09'], NO_DATES);
    await store.markCompacted([counted('a', { lines: 10, inserted: 0, duplicates: 8 })]);
    expect(await store.objectsAt('summarized', {})).toMatchObject([{ event_dates: [DATE, '2025-11-09'] }]);
    expect((await store.summary()).lines.inserted).toBe(7);
  });

  behaviour('a stage cannot be left out', async (store) => {
    await store.recordObjects([landed('a')]);
    await expect(store.markCompacted([counted('a')])).rejects.toThrow(
      `Expected ${keyOf('a')} to be tracked before it is compacted, it is recorded. Mark the stages in order.`,
    );
    await expect(store.markSummarized([keyOf('a')])).rejects.toThrow('to be compacted before it is summarized');
    expect(await stagesOf(store)).toEqual({ ...NONE, recorded: 1 });
  });

  behaviour('a mark on an unknown object is refused', async (store) => {
    const unknown = `Expected a recorded object, came ${keyOf('a')}, which is unknown. Record it first.`;
    await expect(store.markTracked(keyOf('a'), [], NO_DATES)).rejects.toThrow(unknown);
    await expect(store.markCompacted([counted('a')])).rejects.toThrow(unknown);
    await expect(store.markSummarized([keyOf('a')])).rejects.toThrow(unknown);
    await expect(store.countFailure([keyOf('a')])).rejects.toThrow(unknown);
    await expect(store.park([keyOf('a')], 'why')).rejects.toThrow(unknown);
  });

  behaviour('failures are counted for each object', async (store) => {
    await store.recordObjects([landed('a'), landed('b'), landed('c')]);
    await store.countFailure([keyOf('a')]);
    expect(await store.countFailure([keyOf('a'), keyOf('b')])).toMatchObject([
      { object: keyOf('a'), failures: 2 },
      { object: keyOf('b'), failures: 1 },
    ]);
    expect(await store.objectsAt('recorded', {})).toMatchObject([{ failures: 2 }, { failures: 1 }, { failures: 0 }]);
  });

  behaviour('a parked object is named with its reason, and no stage takes it again', async (store) => {
    await store.recordObjects([landed('a'), landed('b')]);
    await store.markTracked(keyOf('a'), [DATE], NO_DATES);
    await store.park([keyOf('a')], 'the engine cannot read it');
    await store.markCompacted([counted('a')]);
    const { objects, parked, lines } = await store.summary();
    expect(objects).toEqual({ ...NONE, recorded: 1, parked: 1 });
    expect(parked).toEqual([{ object: keyOf('a'), why: 'the engine cannot read it' }]);
    expect(lines.lines).toBe(0);
  });

  behaviour('an object that came through all stages is not parked', async (store) => {
    await compacted(store, 'a');
    await store.markSummarized([keyOf('a')]);
    await store.park([keyOf('a')], 'late');
    expect(await stagesOf(store)).toEqual({ ...NONE, summarized: 1 });
  });

  behaviour('reopened objects are summarized again, and others stay where they are', async (store) => {
    await compacted(store, 'a');
    await store.markSummarized([keyOf('a')]);
    await store.recordObjects([landed('b')]);
    await store.reopen([keyOf('a'), keyOf('b'), keyOf('unknown')]);
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
    await store.park([keyOf('a')], 'the engine cannot read it');
    expect(await store.recordedLines('raw/')).toBe(5);
    expect(await store.recordedLines(`raw/dt=${DATE}/`)).toBe(5);
  });

  behaviour('an object recorded uncounted has the lines that compaction counted', async (store) => {
    await store.recordObjects([landed('a', { lines: 0 })]);
    await store.markTracked(keyOf('a'), [DATE], NO_DATES);
    expect(await store.recordedLines('raw/')).toBe(0);
    await store.markCompacted([counted('a')]);
    expect(await store.recordedLines('raw/')).toBe(10);
  });

  behaviour('the summary counts runs, and the lines of compacted objects so that they add up', async (store) => {
    await track(store, { run_id: 'open' }, { run_id: 'ended', event_type: 'RUN_END', status: 'SUCCESS' });
    await compacted(store, 'a');
    await compacted(store, 'b');
    await store.recordObjects([landed('c')]);
    await store.addDueDays([DATE]);
    expect(await store.summary()).toEqual({
      runs: 2,
      open_runs: 1,
      objects: { ...NONE, recorded: 1, compacted: 2 },
      lines: { lines: 20, inserted: 14, duplicates: 2, unreadable: 2, unaccepted: 2 },
      due_days: 1,
      parked: [],
    });
  });

  behaviour('clearing forgets runs, objects and due days', async (store) => {
    const empty = await store.summary();
    await track(store, {});
    await compacted(store, 'a');
    await store.addDueDays([DATE]);
    await store.clear();
    expect(await store.summary()).toEqual(empty);
    expect(await store.hasObject(keyOf('a'))).toBe(false);
    await compacted(store, 'a');
    expect((await store.summary()).lines.lines).toBe(10);
  });
}
