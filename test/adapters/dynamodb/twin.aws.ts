import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openLiveStore as openSqlite } from '../../../adapters/sqlite/live-store.ts';
import type { Stage } from '../../../core/objects/data-object.ts';
import { compacted, failed, parked, reopened, summarized, tracked } from '../../../core/objects/object-change.ts';
import type { LiveStore } from '../../../core/ports/live-store.ts';
import { track } from '../../contracts/live-store/runs.ts';

const minuteOf = (minute: number): string => `2025-11-03T12:${String(minute).padStart(2, '0')}:00.000Z`;
const object = fc.integer({ min: 0, max: 4 }).map((number) => `raw/dt=2025-11-0${1 + (number % 3)}/hh=12/${number}`);
const objects = fc.uniqueArray(object, { minLength: 1, maxLength: 3 });
const dates = fc.uniqueArray(fc.constantFrom('2025-11-01', '2025-11-02', '2025-11-03'), { maxLength: 2 });
const stage = fc.constantFrom<Stage>('recorded', 'tracked', 'compacted', 'summarized', 'parked');
const limits = fc.record(
  { maxBytes: fc.integer({ min: 0, max: 40 }), maxObjects: fc.integer({ min: 1, max: 4 }) },
  { requiredKeys: [] },
);
const event = fc.record({
  event_key: fc.integer({ min: 0, max: 999 }).map(String),
  run_id: fc.constantFrom('1', '2', '3'),
  process_name: fc.constantFrom('a', 'b'),
  event_type: fc.constantFrom('RUN_START' as const, 'HEARTBEAT' as const, 'RUN_END' as const),
  event_time: fc.integer({ min: 0, max: 59 }).map(minuteOf),
  lease_ms: fc.constantFrom(60_000, 600_000),
});
const filter = fc.record(
  {
    run_id: fc.constantFrom('1', '2'),
    process_name: fc.constantFrom('a', 'b'),
    environment: fc.constantFrom('prod', 'dev'),
    open: fc.boolean(),
    limit: fc.constant(100),
  },
  { requiredKeys: ['limit'] },
);

type Step = (store: LiveStore) => Promise<unknown>;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.array(event, { maxLength: 3 }).map((events) => (store: LiveStore) => track(store, ...events.map(statusOf))),
  // Runs that start together may come in any order.
  filter.map((given) => async (store: LiveStore) => sorted(await store.listRuns(given))),
  fc.integer({ min: 0, max: 59 }).map((minute) => async (store: LiveStore) => {
    const runs = await store.dueRuns(minuteOf(minute), 100);
    // Every other time the work is cut off before the mark.
    if (minute % 2 === 0) await store.markChecked(runs, minuteOf(minute));
    return sorted(runs);
  }),
  fc.tuple(objects, fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined })).map(
    ([names, lines]) =>
      (store: LiveStore) =>
        store.recordObjects(names.map((name) => ({ object: name, lines, size_bytes: 10 }))),
  ),
  object.map((name) => (store: LiveStore) => store.hasObject(name)),
  fc.tuple(stage, limits).map(
    ([at, most]) =>
      (store: LiveStore) =>
        store.objectsAt(at, most),
  ),
  fc.tuple(object, dates, dates).map(
    ([name, event_dates, run_dates]) =>
      (store: LiveStore) =>
        store.changeObjects([name], tracked({ event_dates, log_dates: event_dates, run_dates }, 0)),
  ),
  objects.map(
    (names) => (store: LiveStore) =>
      store.changeObjects(
        names,
        compacted(
          names.map((name) => ({ object: name, lines: 6, inserted: 3, duplicates: 2, unreadable: 1, unaccepted: 0 })),
        ),
      ),
  ),
  objects.map((names) => (store: LiveStore) => store.changeObjects(names, summarized)),
  objects.map((names) => (store: LiveStore) => store.changeObjects(names, failed)),
  objects.map((names) => (store: LiveStore) => store.changeObjects(names, parked('why'))),
  objects.map((names) => (store: LiveStore) => store.changeObjects(names, reopened)),
  fc
    .constantFrom('', 'raw/', 'raw/dt=2025-11-01/', 'raw/dt=2025-11-0')
    .map((prefix) => (store: LiveStore) => store.recordedLines(prefix)),
  dates.map((days) => (store: LiveStore) => store.addDueDays(days)),
  fc.integer({ min: 1, max: 3 }).map((limit) => (store: LiveStore) => store.dueDays(limit)),
  dates.map((days) => (store: LiveStore) => store.removeDueDays(days)),
  fc.constant((store: LiveStore) => store.summary()),
);

/** Whatever is done to it in whatever order, the table answers as the laptop's store does, refusals included. */
export function twinBehaviour(open: () => Promise<LiveStore>): void {
  test('DynamoDB does what SQLite does, step by step', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const folder = mkdtempSync(join(tmpdir(), 'runledger-'));
        const twin = openSqlite(join(folder, 'live.sqlite'));
        try {
          const table = await open();
          for (const each of [...steps, (store: LiveStore) => store.summary()])
            expect(await outcomeOf(each, table)).toEqual(await outcomeOf(each, twin));
        } finally {
          await twin.close();
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 30 },
    );
  });
}

const outcomeOf = (step: Step, store: LiveStore): Promise<unknown> =>
  step(store).then(
    (result) => ({ result }),
    (error: Error) => ({ refused: error.message }),
  );

const statusOf = <E extends { event_type: string }>(given: E) => ({
  ...given,
  ...(given.event_type === 'RUN_END' ? { status: 'SUCCESS' as const } : {}),
});

const sorted = (runs: readonly unknown[]): readonly string[] => runs.map(textOf).sort();

/** The same text for the same value: in which order a run got its keys says nothing. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
