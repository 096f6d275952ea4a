import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TableSettings } from '../../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { setWatermark, watermarkKey } from '../../../adapters/dynamodb/watermarks.ts';
import { furthest, type Watermark, watermarkOf } from '../../../core/run/watermark.ts';
import type { Event } from '../../../core/schema/event.ts';
import { track } from '../../contracts/live-store/runs.ts';

const PIPELINE = { process_name: 'orders', environment: 'prod' };
const day = (number: number): string => `2025-11-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const at = (minute: number): string => `2025-11-20T12:${String(minute).padStart(2, '0')}:00.000Z`;
const start = (run_id: string, minute: number, more: Partial<Event> = {}): Partial<Event> => ({
  ...PIPELINE,
  ...{ run_id, event_key: `${run_id}-start-${minute}`, event_time: at(minute), start_time: at(minute), ...more },
});
const end = (run_id: string, minute: number, until?: number, status: Event['status'] = 'SUCCESS'): Partial<Event> => ({
  ...PIPELINE,
  ...{ run_id, status, event_type: 'RUN_END', event_key: `${run_id}-end-${minute}-${status}`, event_time: at(minute) },
  ...(until !== undefined && { data_interval_end: day(until) }),
});

/** What the item of a pipeline says, whatever happened to its runs. */
export function watermarkBehaviour(newTable: () => Promise<TableSettings>): void {
  const open = async () => {
    const table = await newTable();
    const store = openLiveStore({ ...table, clock: { now: () => at(59) } });
    const read = async (): Promise<Watermark | undefined> => {
      const keys = { Keys: [watermarkKey(PIPELINE)], ConsistentRead: true };
      const { Responses } = await table.client.send(new BatchGetCommand({ RequestItems: { [table.table]: keys } }));
      const [item] = Responses?.[table.table] ?? [];
      if (item === undefined) return undefined;
      const { pk: _pk, sk: _sk, version: _version, process_name, environment, ...mark } = item;
      expect({ process_name, environment }).toEqual(PIPELINE);
      return mark;
    };
    const setByHand = (data_until: string | undefined, set_at: string) =>
      setWatermark(table, {
        ...{ ...PIPELINE, kind: 'watermark', set_at, who: 'ada', why: 'the source was restored' },
        ...(data_until !== undefined && { data_until }),
      });
    return { store, read, setByHand };
  };
  const reached = (dataRun: string, until: number, lastRun: string, minute: number): Watermark => ({
    ...{ data_until: day(until), data_until_run_id: dataRun },
    ...{ last_success_at: at(minute), last_success_run_id: lastRun },
  });

  describe('DynamoDB keeps how far the data of a pipeline has come', () => {
    test('where its latest successful run brought it', async () => {
      const { store, read } = await open();
      await track(store, start('a', 1), end('b', 2, 2, 'FAILED'));
      expect(await read()).toBeUndefined();
      await track(store, end('a', 3, 1));
      expect(await read()).toEqual(reached('a', 1, 'a', 3));
      await track(store, start('c', 4), end('c', 5, 3));
      expect(await read()).toEqual(reached('c', 3, 'c', 5));
    });

    test('ends that come late, and runs that fill a gap, move it nowhere back', async () => {
      const { store, read } = await open();
      await track(store, end('newer', 9, 5));
      await track(store, end('late', 3, 4));
      expect(await read()).toEqual(reached('newer', 5, 'newer', 9));
      await track(store, end('backfill', 20, 1));
      expect(await read()).toEqual(reached('newer', 5, 'backfill', 20));
    });

    test('a success that tells no interval is one all the same', async () => {
      const { store, read } = await open();
      await track(store, end('a', 3));
      expect(await read()).toEqual({ last_success_at: at(3), last_success_run_id: 'a' });
    });

    test('set by hand it goes back too, and only what ends later moves it on', async () => {
      const { store, read, setByHand } = await open();
      await track(store, end('a', 3, 5));
      await setByHand(day(2), at(10));
      expect(await read()).toMatchObject({ data_until: day(2), last_success_run_id: 'a', set_at: at(10) });
      await track(store, end('late', 9, 6), end('a', 3, 5));
      expect(await read()).toMatchObject({ data_until: day(2), last_success_run_id: 'late' });
      await track(store, end('next', 11, 3));
      expect(await read()).toMatchObject({ data_until: day(3), data_until_run_id: 'next', set_at: at(10) });
      await track(store, end('next', 12, 3, 'FAILED'));
      expect(await read()).toMatchObject({ data_until: day(2), last_success_run_id: 'late' });
      await setByHand(undefined, at(20));
      expect((await read())?.data_until).toBeUndefined();
    });

    test('the same events once more change nothing', async () => {
      const { store, read } = await open();
      const events = [start('a', 1), end('a', 3, 1), end('b', 4, 2)];
      await track(store, ...events);
      await track(store, ...events);
      expect(await read()).toEqual(reached('b', 2, 'b', 4));
    });

    test('a run that starts again, or fails after all, takes it back to the run before', async () => {
      const { store, read } = await open();
      await track(store, start('a', 1), end('a', 2, 1), start('b', 3), end('b', 4, 2));
      await track(store, start('b', 10));
      expect(await read()).toEqual(reached('a', 1, 'a', 2));
      await track(store, end('b', 11));
      expect(await read()).toEqual(reached('b', 2, 'b', 11));
      await track(store, end('b', 12, 2, 'FAILED'), end('a', 12, 1, 'FAILED'));
      expect(await read()).toEqual({});
    });

    test('a new attempt takes it back until it has succeeded too', async () => {
      const { store, read } = await open();
      await track(store, start('a', 1), end('a', 2, 1));
      await track(store, start('a', 5, { run_attempt: 2 }));
      expect(await read()).toEqual({});
      await track(store, { ...end('a', 6, 1), run_attempt: 2 });
      expect(await read()).toEqual(reached('a', 1, 'a', 6));
    });

    test('it stays while runs are cleared to be built again', async () => {
      const { store, read } = await open();
      await track(store, end('a', 3, 1));
      await store.clear();
      expect(await read()).toEqual(reached('a', 1, 'a', 3));
    });

    test('runs that end at once by many writers leave it at the furthest', async () => {
      const { store, read } = await open();
      const numbers = Array.from({ length: 24 }, (_, index) => index + 1);
      await Promise.all(numbers.map((number) => track(store, end(`run-${number}`, number, number))));
      expect(await read()).toEqual(reached('run-24', 24, 'run-24', 24));
    });

    const event = fc
      .tuple(
        fc.constantFrom('a', 'b', 'c'),
        fc.integer({ min: 0, max: 50 }),
        fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
        fc.constantFrom('START' as const, 'SUCCESS' as const, 'FAILED' as const),
        fc.constantFrom(1, 1, 1, 2),
      )
      .map(([run_id, minute, until, what, run_attempt]) =>
        what === 'START'
          ? start(run_id, minute, { run_attempt })
          : { ...end(run_id, minute, until, what), run_attempt },
      );

    test('after any history it is what the runs that are kept say', { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(event, { maxLength: 3 }), { maxLength: 12 }), async (calls) => {
          const { store, read } = await open();
          for (const events of calls) await track(store, ...events);
          const runs = await store.listRuns({ ...PIPELINE, limit: 100 });
          expect((await read()) ?? {}).toEqual(runs.map((run) => watermarkOf(run)).reduce(furthest, {}));
        }),
        { numRuns: 30 },
      );
    });
  });
}
