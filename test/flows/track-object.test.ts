import { expect, onTestFinished, test } from 'vitest';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { parked } from '../../core/objects/object-change.ts';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { CorruptObjectError, MissingObjectError, type ObjectStore } from '../../core/ports/object-store.ts';
import { viewOf } from '../../core/run/run-view.ts';
import { eventsOf } from '../../flows/landed-events.ts';
import { recordLanded, trackObject, trackRecorded } from '../../flows/track-object.ts';
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
  expect(await trackRecorded(holding(start), live)).toEqual({ tracked: 1, failures: [] });
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: KEY, event_dates: ['2025-11-03'] }]);
});

test('an object that can never be read is parked, and says why', async () => {
  const { live } = aLive();
  const store = aStore(() => Promise.reject(new CorruptObjectError('it is cut off')));
  expect(await trackObject(store, live, landed)).toEqual({
    events: 0,
    transitions: [],
    failures: [],
    parked: 'it is cut off',
  });
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

const other = KEY.replace('a.ndjson', 'b.ndjson');
const recordBoth = (live: LiveStore) => live.recordObjects([KEY, other].map((object) => ({ object, size_bytes: 100 })));

test('an object that is gone is parked, does not hold up the others, and is tracked once it is there again', async () => {
  const { live } = aLive();
  await recordBoth(live);
  const files = aStore(async () => content(JSON.stringify(start)));
  const get = async (key: string) => {
    if (key === KEY) throw new MissingObjectError('it is gone');
    return files.get(key);
  };
  expect(await trackRecorded({ ...files, get }, live)).toEqual({ tracked: 1, failures: [] });
  expect((await live.summary()).parked).toMatchObject([{ object: KEY, why: expect.stringContaining('put it back') }]);
  expect(await trackRecorded({ ...files, get }, live)).toEqual({ tracked: 0, failures: [] });
  expect(await trackRecorded(files, live)).toEqual({ tracked: 1, failures: [] });
  expect((await live.summary()).parked).toEqual([]);
  expect(await live.objectsAt('tracked', {})).toHaveLength(2);
});

test('a parked object is tracked once there is another in its place, by its size', async () => {
  const { live } = aLive();
  await recordBoth(live);
  await live.changeObjects([KEY, other], parked('it is torn'));
  const files = aStore(async () => content(JSON.stringify(start)));
  const sizes: Record<string, number> = { [KEY]: 100, [other]: 100 };
  const list = async function* (prefix: string) {
    for (const key of [KEY, other]) if (key.startsWith(prefix)) yield { key, size_bytes: sizes[key] ?? 0 };
  };
  expect(await trackRecorded({ ...files, list }, live)).toEqual({ tracked: 0, failures: [] });
  sizes[other] = 90;
  expect(await trackRecorded({ ...files, list }, live)).toEqual({ tracked: 1, failures: [] });
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: other, size_bytes: 90 }]);
});

test('an object that cannot be read for now stays recorded, and the others are tracked first', async () => {
  const { live } = aLive();
  await recordBoth(live);
  const files = aStore(async () => content(JSON.stringify(start)));
  const busy = new Error('too many open files');
  const get = async (key: string) => (key === KEY ? Promise.reject(busy) : files.get(key));
  await expect(trackRecorded({ ...files, get }, live)).rejects.toBe(busy);
  expect(await live.objectsAt('recorded', {})).toMatchObject([{ object: KEY }]);
  expect(await live.objectsAt('tracked', {})).toMatchObject([{ object: other }]);
});

test('an event that no rule can fold costs none of the others, and is told', async () => {
  const { live } = aLive();
  // A day that is none: accept does not write it, a hand may.
  const odd = { ...anEvent({ run_id: 'odd' }), event_time: '2025-99-99T12:00:00.000Z' };
  const bytes = content(JSON.stringify(start), JSON.stringify(odd));
  const { events, failures } = await trackObject(
    aStore(async () => bytes),
    live,
    landed,
  );
  expect({ events, failures: failures.length }).toEqual({ events: 1, failures: 0 });

  const forged = anEvent({ run_id: 'forged', lease_ms: Number.MAX_SAFE_INTEGER });
  const both = content(JSON.stringify(forged), JSON.stringify(anEvent({ run_id: 'sound' })));
  const again = await trackObject(
    aStore(async () => both),
    live,
    { key: other, size_bytes: 100 },
  );
  expect(again.failures.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^Expected to merge events into the live run forged of customer_daily, got: Invalid time value/,
    ),
  ]);
  expect((await live.listRuns({ limit: 9 })).map(({ run_id }) => run_id).sort()).toEqual(['run-1', 'sound']);
  expect(await live.objectsAt('tracked', {})).toHaveLength(2);
});

test('a line that is not UTF-8 any more is passed over, and those beside it are not', () => {
  const event = anEvent();
  const damaged = Buffer.from(`${JSON.stringify(anEvent({ message: 'x' }))}\n`);
  damaged[damaged.indexOf('customer')] = 0xff;
  expect(eventsOf(Buffer.concat([damaged, content(JSON.stringify(event))]))).toEqual([event]);
});
