import { describe, expect, test } from 'vitest';
import { type Normalized, normalize } from '../../../core/accept/normalize.ts';
import type { Event } from '../../../core/schema/event.ts';
import { settings } from './settings.ts';

const KEY = '0'.repeat(32);
const RECEIVED = '2025-11-03T12:00:01.000Z';
const DAY_MS = 86_400_000;
const start = { process_name: 'daily', run_id: 'r', event_type: 'RUN_START', created_at: '2025-11-03T11:00:00.000Z' };

const normalized = (line: object): Normalized => normalize(line as Record<string, unknown>, KEY, RECEIVED, settings);
function event(line: object): Event & { readonly changed: boolean } {
  const result = normalized(line);
  if ('reason' in result) throw new Error(JSON.stringify(result.reason));
  return { ...result.event, changed: result.changed };
}
const extraOf = (line: object) => JSON.parse(event({ ...start, ...line }).extra ?? 'null');

describe('the lease', () => {
  const lease = (more: object) => event({ ...start, ...more }).lease_ms;

  test('is three of the heartbeats that were promised, else none: an SLA promises no sign of life', () => {
    expect(lease({ heartbeat_interval_ms: 60_000, sla: { expected_max_duration_ms: 1 } })).toBe(180_000);
    expect(lease({ sla: { expected_max_duration_ms: 600_000 } })).toBeUndefined();
    expect(lease({ heartbeat_interval_ms: 0 })).toBeUndefined();
    expect(lease({})).toBeUndefined();
  });

  test('is never longer than 24 days: who promises a heartbeat a year is LOST before that', () => {
    expect(lease({ heartbeat_interval_ms: 8 * DAY_MS })).toBe(24 * DAY_MS);
    expect(lease({ heartbeat_interval_ms: 8 * DAY_MS - 1 })).toBe(24 * DAY_MS - 3);
    expect(lease({ heartbeat_interval_ms: 365 * DAY_MS })).toBe(24 * DAY_MS);
  });
});

describe('the SLA', () => {
  test('is read from the tag sla_minutes when the event has none of its own', () => {
    const tagged = event({ ...start, tags: { sla_minutes: 30 } });
    expect(tagged).toMatchObject({ sla: { expected_max_duration_ms: 1_800_000 } });
    expect(tagged.flags).toContain('sla_from_tags');
    expect(event({ ...start, tags: { sla_minutes: '0.5' }, sla: { sla_missed: true } }).sla).toEqual({
      sla_missed: true,
      expected_max_duration_ms: 30_000,
    });
    const own = event({ ...start, tags: { sla_minutes: 30 }, sla: { expected_max_duration_ms: 5 } });
    expect([own.sla, own.flags]).toEqual([{ expected_max_duration_ms: 5 }, ['coerced:tags']]);
  });

  test.each(['0', '-5', 'soon', '1e9', ''])('of %j minutes is none', (sla_minutes) => {
    expect(event({ ...start, tags: { sla_minutes } }).sla).toBeUndefined();
  });
});

describe('names', () => {
  test('up to 256 characters are kept; longer ones keep their head and a hash of the whole', () => {
    const name = 'n'.repeat(256);
    expect(event({ ...start, run_id: name })).toMatchObject({ run_id: name, changed: false });
    const cut = event({ ...start, run_id: `${name}n` });
    expect(cut.run_id).toBe(`${'n'.repeat(222)}~${settings.hash(`${name}n`)}`);
    expect(cut).toMatchObject({ flags: ['name_cut:run_id'], changed: true });
  });

  test.each(['process_name', 'run_id', 'parent_run_id', 'root_run_id', 'step_name', 'environment', 'owner'])(
    '%s is one: it is not masked',
    (name) => {
      expect(event({ ...start, event_type: 'HEARTBEAT', [name]: 'hush' })).toMatchObject({ [name]: 'hush' });
      expect(event({ ...start, [name]: 'n'.repeat(300) }).flags).toContain(`name_cut:${name}`);
    },
  );

  test.each(['event_id', 'job_id', 'task_id', 'reporter'])('%s is bounded like one', (name) => {
    expect(event({ ...start, [name]: 'x'.repeat(80_000) })[name as 'event_id']).toHaveLength(255);
  });

  test('an environment that the tags name is bounded too, and an empty one is none', () => {
    expect(event({ ...start, environment: undefined, tags: { env: 'e'.repeat(80_000) } }).environment).toHaveLength(
      255,
    );
    expect(event({ ...start, environment: undefined, tags: { env: ' ' } }).environment).toBe(settings.environment);
  });

  test('cut within a character stay text', () => {
    expect(event({ ...start, run_id: `${'n'.repeat(221)}\u{1F600}${'n'.repeat(99)}` }).run_id.isWellFormed()).toBe(
      true,
    );
  });
});

describe('what is stamped', () => {
  test('is the key, the arrival, and an id when the producer gave none', () => {
    expect(event(start)).toMatchObject({ event_key: KEY, event_id: KEY, received_at: RECEIVED, run_attempt: 1 });
    expect(event({ ...start, event_id: 'mine' }).event_id).toBe('mine');
  });

  test('is the environment: its own, else that of its tags, else the ledger’s', () => {
    const tags = { env: 'b', environment: 'c' };
    expect(event({ ...start, environment: 'a', tags }).environment).toBe('a');
    expect(event({ ...start, tags }).environment).toBe('b');
    expect(event({ ...start, tags: { environment: 'c' } }).environment).toBe('c');
    expect(event(start).environment).toBe('local');
  });

  test('is the attempt of an event that names no step; a step’s is its own', () => {
    expect(event({ ...start, attempt: 3 }).run_attempt).toBe(3);
    expect(event({ ...start, attempt: 3, run_attempt: 2 }).run_attempt).toBe(2);
    expect(event({ ...start, attempt: 3, step_name: 's' })).toMatchObject({ attempt: 3, run_attempt: 1 });
  });

  test('is the time and its day; of an END its end_time comes before its start', () => {
    const times = { created_at: undefined, start_time: '2025-11-02T23:00:00Z', end_time: '2025-11-03T01:00:00Z' };
    expect(event({ ...start, ...times }).event_date).toBe('2025-11-02');
    for (const event_type of ['RUN_END', 'STEP_END']) {
      expect(event({ ...start, ...times, event_type }).event_date).toBe('2025-11-03');
    }
    expect(event({ ...start, ...times }).flags).toBeUndefined();
    const untimed = event({ ...start, created_at: undefined });
    expect(untimed).toMatchObject({ event_time: RECEIVED, event_date: '2025-11-03', flags: ['event_time_assumed'] });
  });

  test('is what a producer cannot say itself, in whatever case', () => {
    const stamps = { event_key: 'x', Event_Date: 'x', EVENT_TIME: 'x', received_at: 'x', Lease_Ms: 5, flags: ['x'] };
    const told = event({ ...start, ...stamps, original: 'x' });
    const { event_key, event_date, event_time, received_at, lease_ms, original } = event(start);
    expect(told).toMatchObject({ event_key, event_date, event_time, received_at });
    expect([told.lease_ms, told.original]).toEqual([lease_ms, original]);
    expect(JSON.parse(told.extra ?? '')).toEqual({ ...stamps, original: 'x' });
  });
});

describe('fields', () => {
  test('that are unknown are kept in extra, masked', () => {
    expect(extraOf({ more: { a: 'hush' }, count: 1 })).toEqual({ more: { a: '[masked]' }, count: 1 });
    expect(extraOf({ nothing: null })).toBeNull();
  });

  test('are read in any case; the exact spelling wins, whatever the order, and the other is kept', () => {
    expect(event({ ...start, OWNER: 'a' })).toMatchObject({ owner: 'a', changed: false });
    for (const line of [
      { Owner: 'b', owner: 'a' },
      { owner: 'a', Owner: 'b' },
    ]) {
      expect(event({ ...start, ...line }).owner).toBe('a');
      expect(extraOf(line)).toEqual({ Owner: 'b' });
    }
    expect(extraOf({ OWNER: 'a', Owner: 'b' })).toEqual({ Owner: 'b' });
    expect(event({ ...start, Status: 'queued', Event_Type: undefined })).toMatchObject({ status: 'QUEUED' });
  });

  test('of an extra that was accepted before are unknown fields again', () => {
    expect(extraOf({ extra: '{"a":1}', b: 2 })).toEqual({ a: 1, b: 2 });
    expect(extraOf({ extra: { a: 1 } })).toEqual({ a: 1 });
    expect(extraOf({ extra: 'words' })).toEqual({ extra: 'words' });
    expect(extraOf({ extra: '[1]' })).toEqual({ extra: '[1]' });
  });

  test('an error that is only text is its message', () => {
    expect(event({ ...start, error: 'a hush \ud800' }).error).toEqual({ message: 'a [masked] \uFFFD' });
    expect(event({ ...start, error: { message: 'm' } }).error).toEqual({ message: 'm' });
  });

  test('stand in the order of the columns, the stamps first', () => {
    expect(JSON.stringify(event(start))).toMatch(/^\{"event_key":"0{32}","event_date":"2025-11-03","event_time":"/);
  });
});

describe('a line that cannot be an event says why', () => {
  const reason = (line: object) => {
    const result = normalized(line);
    return 'reason' in result ? result.reason : undefined;
  };

  test.each([
    [{ run_id: 'r' }, ['process_name']],
    [{ process_name: 'p' }, ['run_id']],
    [{}, ['process_name', 'run_id']],
  ])('%j is missing %j', (names, missing) => {
    expect(reason({ ...names, event_type: 'RUN_END' })).toEqual({ kind: 'missing_identity', missing });
  });

  test('nothing that says what happened, with the word that nobody knows', () => {
    const names = { process_name: 'p', run_id: 'r' };
    expect(reason(names)).toEqual({ kind: 'says_nothing', event_type: null, status: null });
    expect(reason({ ...names, status: 'PURPLE' })).toMatchObject({ kind: 'says_nothing', status: 'PURPLE' });
  });
});

test('an event type that no tool writes is never taken for something harmless', () => {
  expect(normalized({ ...start, event_type: 'PURPLE', message: 'm' })).toEqual({
    reason: { kind: 'says_nothing', event_type: 'PURPLE', status: null },
  });
  const odd = event({ ...start, event_type: 'PURPLE', status: 'SUCCESS' });
  expect(odd).toMatchObject({ event_type: 'RUN_END', status: 'SUCCESS', changed: true });
  expect(odd.flags).toEqual(['event_type_unknown', 'event_type_assumed']);
  expect(JSON.parse(odd.extra ?? '')).toEqual({ event_type: 'PURPLE' });
});
