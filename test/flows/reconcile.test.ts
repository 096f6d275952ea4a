import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { CorruptObjectError } from '../../core/ports/object-store.ts';
import { reconcileObjects } from '../../flows/reconcile.ts';
import { anEvent } from '../factories.ts';
import { aBus } from '../fakes/bus.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';

const NOW = '2025-11-05T12:00:00.000Z';
const lineOf = (run_id: string) => `${JSON.stringify(anEvent({ run_id }))}\n`;
const landed = (day: string, hour: string, name = 'a') => `raw/dt=2025-11-${day}/hh=${hour}/${name}`;

let live: LiveStore;
let store: ReturnType<typeof aStore>;
let bus: ReturnType<typeof aBus>;
beforeEach(() => {
  live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  store = aStore();
  bus = aBus();
});

const reconcile = () => reconcileObjects({ store, live, bus, ...judging() }, NOW);
const record = (object: string) => live.recordObjects([{ object, size_bytes: 1 }]);
const tracked = async () => (await live.objectsAt('tracked', {})).map(({ object }) => object);
const runIds = async () => (await live.listRuns({ limit: 9 })).map(({ run_id }) => run_id);

describe('an object in the bucket that is not recorded', () => {
  test('is taken in: its runs are live, and it is due for the tables', async () => {
    store.objects.set(landed('05', '09'), lineOf('lost'));
    expect(await reconcile()).toEqual({ found_objects: 1, tracked: 1, errors: [] });
    expect(await runIds()).toEqual(['lost']);
    expect(await tracked()).toEqual([landed('05', '09')]);
  });

  test('is found for three days, today’s included', async () => {
    for (const day of ['05', '04', '03', '02']) store.objects.set(landed(day, '01'), lineOf(`of day ${day}`));
    expect((await reconcile()).found_objects).toBe(3);
    expect((await runIds()).toSorted()).toEqual(['of day 03', 'of day 04', 'of day 05']);
  });

  test('is left alone within an hour of the end of its own: it may be on its way', async () => {
    store.objects.set(landed('05', '11'), lineOf('on its way'));
    store.objects.set(landed('05', '10'), lineOf('overdue'));
    await reconcile();
    expect(await runIds()).toEqual(['overdue']);
  });

  test('is taken in once', async () => {
    store.objects.set(landed('05', '09'), lineOf('lost'));
    await reconcile();
    expect(await reconcile()).toEqual({ found_objects: 0, tracked: 0, errors: [] });
  });
});

describe('an object that is recorded and was never tracked', () => {
  test('is taken in, however long ago it landed; it counts as tracked, not as found', async () => {
    const old = landed('01', '09');
    store.objects.set(old, lineOf('forgotten'));
    await record(old);
    expect(await reconcile()).toEqual({ found_objects: 0, tracked: 1, errors: [] });
    expect(await runIds()).toEqual(['forgotten']);
    expect(await tracked()).toEqual([old]);
  });

  test('is taken in from an hour after the end of its own on', async () => {
    store.objects.set(landed('05', '10'), lineOf('overdue'));
    await record(landed('05', '10'));
    expect(await reconcile()).toEqual({ found_objects: 0, tracked: 1, errors: [] });
  });

  test('is left alone within an hour of the end of its own', async () => {
    store.objects.set(landed('05', '11'), lineOf('on its way'));
    await record(landed('05', '11'));
    expect(await reconcile()).toEqual({ found_objects: 0, tracked: 0, errors: [] });
  });
});

test('what is wrong with a run that was found is told', async () => {
  const failed = anEvent({ event_type: 'RUN_END', status: 'FAILED', event_time: '2025-11-05T09:30:00.000Z' });
  store.objects.set(landed('05', '09'), `${JSON.stringify(failed)}\n`);
  await reconcile();
  expect(bus.published.map(({ type }: LedgerEvent) => type)).toEqual(['Notices Waiting']);
});

describe('an object that cannot be taken in', () => {
  test('is told of, and keeps no other from being taken in', async () => {
    store.objects.set(landed('05', '08'), lineOf('refused'));
    store.objects.set(landed('05', '09'), lineOf('good'));
    store.refused.add(landed('05', '08'));
    const { found_objects, tracked: taken, errors } = await reconcile();
    expect([found_objects, taken]).toEqual([2, 1]);
    expect(errors.map(String)).toEqual([expect.stringContaining('the bucket refuses')]);
    expect(await runIds()).toEqual(['good']);
  });

  test('because it is damaged is parked, and told of', async () => {
    store.objects.set(landed('05', '09'), 'damaged');
    store.get = async () => {
      throw new CorruptObjectError('expected gzip, but got something else');
    };
    expect((await reconcile()).errors).toEqual(['expected gzip, but got something else']);
    expect((await live.summary()).objects.parked).toBe(1);
  });
});
