import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compacted, summarized, tracked } from '../../../core/objects/object-change.ts';
import type { LiveStore } from '../../../core/ports/live-store.ts';
import { track } from '../../contracts/live-store/runs.ts';

const OBJECTS = 70;
const WRITERS = 4;
const DATE = '2025-11-03';
const dates = { event_dates: [DATE], log_dates: [], run_dates: [] };
const names = Array.from({ length: OBJECTS }, (_, index) => `raw/dt=${DATE}/hh=12/${String(index).padStart(3, '0')}`);

/** What holds when several writers do the same work at the same time; `open` gives an empty store each time. */
export function manyWritersBehaviour(open: () => Promise<LiveStore>): void {
  const together = <Result>(work: () => Promise<Result>): Promise<Result[]> =>
    Promise.all(Array.from({ length: WRITERS }, work));

  describe('DynamoDB with many writers', () => {
    test('every object is counted once at every stage, whoever marks it', async () => {
      const store = await open();
      const counts = names.map((object) => ({
        object,
        lines: 10,
        inserted: 7,
        duplicates: 1,
        unreadable: 1,
        unaccepted: 1,
      }));
      await together(async () => {
        await store.recordObjects(names.map((object) => ({ object, lines: 10, size_bytes: 1 })));
        await Promise.all(names.slice(0, 20).map((object) => store.changeObjects([object], tracked(dates, 0))));
        for (const object of names.slice(20)) await store.changeObjects([object], tracked(dates, 0));
        await store.changeObjects(names, compacted(counts));
        await store.changeObjects(names.slice(1), summarized);
      });
      const { objects, lines } = await store.summary();
      expect(objects).toEqual({
        recorded: 0,
        tracked: 0,
        compacted: 1,
        summarized: OBJECTS - 1,
        parked: 0,
        forgotten: 0,
      });
      expect(lines).toEqual({ lines: 700, inserted: 490, duplicates: 70, unreadable: 70, unaccepted: 70 });
      expect((await store.objectsAt('summarized', {})).map(({ object }) => object)).toEqual(names.slice(1));
      expect(await store.recordedLines('raw/')).toBe(700);
    });

    test('every silent run is looked at, whoever does it, and none is left once all have marked', async () => {
      const store = await open();
      const now = '2025-11-03T13:00:00.000Z';
      const ids = Array.from({ length: 150 }, (_, index) => `run-${index}`);
      await track(store, ...ids.map((run_id) => ({ run_id, lease_ms: 1_000 })));
      const looked = new Set<string>();
      const lookOnce = async () => {
        const runs = await store.dueRuns(now, 100);
        for (const { run_id } of runs) looked.add(run_id);
        await store.markChecked(runs, now);
      };
      await together(lookOnce);
      await lookOnce();
      expect([...looked].sort()).toEqual([...ids].sort());
      expect(await store.dueRuns(now, 1_000)).toEqual([]);
    });

    test('a list reads over pages of one megabyte', async () => {
      const store = await open();
      // Noise does not pack: together they are larger than two pages.
      const noise = (): string => randomBytes(384).toString('base64');
      await track(
        store,
        ...Array.from({ length: 1_200 }, (_, index) => ({
          run_id: 'same',
          process_name: `process-${index}`,
          owner: noise(),
          user: noise(),
          job_id: noise(),
          notebook_path: noise(),
          notebook_git_sha: noise(),
        })),
      );
      expect(await store.listRuns({ run_id: 'same', limit: 2_000 })).toHaveLength(1_200);
      expect(await store.listRuns({ open: true, limit: 2_000 })).toHaveLength(1_200);
      await store.clear();
      expect(await store.listRuns({ limit: 10 })).toEqual([]);
    });
  });
}
