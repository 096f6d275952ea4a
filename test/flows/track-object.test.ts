import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { CorruptObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { viewOf } from '../../core/run/run-view.ts';
import { eventsOf, recordLanded, trackObject, trackRecorded } from '../../flows/track-object.ts';
import { anEvent } from '../factories.ts';

const content = (...lines: readonly string[]): Uint8Array => Buffer.from(lines.map((line) => `${line}\n`).join(''));

test('lines that accept wrote are events; others are passed over', () => {
  const event = anEvent();
  const unreadable = '{"event_key":"0000000000000000000000000000000a","event_date":"2025-11-03","event_time":"cut off';
  expect(eventsOf(content(JSON.stringify(event), 'not json', '{"run_id":"1"}', unreadable))).toEqual([event]);
});

test('a line that a newer ledger wrote is an event, without the fields that are not known', () => {
  const event = anEvent();
  expect(eventsOf(content(JSON.stringify({ ...event, cost_center: 'A' })))).toEqual([event]);
});

const KEY = 'raw/dt=2025-11-03/hh=12/a.ndjson';
const landed = { key: KEY, size_bytes: 100 };

/** A live store that notes the order of what is written. */
function aLive() {
  const store = openLiveStore(':memory:');
  onTestFinished(() => store.close());
  const calls: string[] = [];
  const noting = <Given extends readonly unknown[], Result>(name: string, method: (...given: Given) => Result) =>
    ((...given: Given) => {
      calls.push(name);
      return method(...given);
    }) as typeof method;
  const live: LiveStore = {
    ...store,
    recordObjects: noting('record', store.recordObjects),
    updateRuns: noting('merge', store.updateRuns),
    changeObjects: noting('mark', store.changeObjects),
  };
  return { live, calls };
}

const aStore = (get: () => Promise<Uint8Array>): ObjectStore => ({
  get,
  put: () => Promise.reject(new Error('nothing is written')),
  list: async function* () {
    yield landed;
  },
});
const start = anEvent();
const end = anEvent({ event_type: 'RUN_END', status: 'FAILED', event_time: '2025-11-03T13:00:00.000Z' });
const holding = (...events: readonly (typeof start)[]) =>
  aStore(async () => content(...events.map((event) => JSON.stringify(event))));

test('an object is recorded, then merged, then marked, and tells each of its runs before and after', async () => {
  const { live, calls } = aLive();
  await trackObject(holding(start), live, landed);
  calls.length = 0;
  const { events, transitions } = await trackObject(holding(start, end), live, { ...landed, key: `${KEY}.next` });
  expect(calls).toEqual(['record', 'merge', 'mark']);
  expect(events).toBe(2);
  const statuses = transitions.map(({ before, after }) => [
    before && viewOf(before).run.status,
    viewOf(after).run.status,
  ]);
  expect(statuses).toEqual([['RUNNING', 'FAILED']]);
});

test('an object delivered twice tells its runs again, though nothing is written', async () => {
  const { live } = aLive();
  const first = await trackObject(holding(start, end), live, landed);
  const again = await trackObject(holding(start, end), live, landed);
  expect(first.transitions).toMatchObject([{ before: undefined }]);
  expect(again.transitions.map(({ after }) => after)).toEqual(first.transitions.map(({ after }) => after));
  expect(again.transitions[0]?.before).toEqual(again.transitions[0]?.after);
});

test('an object whose runs cannot be merged stays recorded, and is read again', async () => {
  const { live } = aLive();
  const full = { ...live, updateRuns: () => Promise.reject(new Error('the table is busy')) };
  await expect(trackObject(holding(start), full, landed)).rejects.toThrow('the table is busy');
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: KEY }]);
  expect(await trackRecorded(holding(start), live)).toBe(1);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: KEY, event_dates: ['2025-11-03'] }]);
});

test('an object that can never be read is parked, and says why', async () => {
  const { live } = aLive();
  const store = aStore(() => Promise.reject(new CorruptObjectError('it is cut off')));
  expect(await trackObject(store, live, landed)).toEqual({ events: 0, transitions: [], parked: 'it is cut off' });
  expect((await live.summary()).parked).toEqual([{ object: KEY, why: 'it is cut off' }]);
});

test('landed objects are recorded once, without a count of their lines', async () => {
  const { live } = aLive();
  expect(await recordLanded(holding(start), live)).toBe(1);
  expect(await recordLanded(holding(start), live)).toBe(0);
  const [record] = await live.objectsAt('recorded', {});
  expect(record).toMatchObject({ object: KEY, size_bytes: 100, event_dates: [] });
  expect(record?.lines).toBeUndefined();
});
