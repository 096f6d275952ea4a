import { describe, expect, test } from 'vitest';
import { alertKeyOf, alertOf, alertSchema } from '../../../core/alert/alert.ts';
import type { Event } from '../../../core/schema/event.ts';
import { at, stateOf } from '../view-of-events.ts';

const started: Partial<Event> = {
  event_type: 'RUN_START',
  status: 'RUNNING',
  event_time: at('12:00'),
  start_time: at('12:00'),
  lease_ms: 3_600_000,
};
const within = { sla: { expected_max_duration_ms: 600_000 } };
const ended = (time: string, status: Event['status'], more: Partial<Event> = {}): Partial<Event> => ({
  event_type: 'RUN_END',
  status,
  event_time: at(time),
  ...more,
});
const alert = (now: string, ...events: readonly Partial<Event>[]) => alertOf(stateOf(...events), now);

describe('a run that failed', () => {
  test.each(['FAILED', 'TIMED_OUT'] as const)('%s is an alert of its end', (status) => {
    expect(alert(at('12:06'), started, ended('12:05', status))).toMatchObject({
      kind: 'failed',
      status,
      occurred_at: at('12:05'),
    });
  });

  test('beyond its SLA is no second alert: it failed', () => {
    expect(alert(at('13:00'), { ...started, ...within }, ended('12:30', 'FAILED'))?.kind).toBe('failed');
  });

  test('by its last word failed when its lease ran out', () => {
    const broken = { event_type: 'ERROR', event_time: at('12:01'), error: { message: 'it broke' } } as const;
    expect(alert('2025-11-03T13:00:59.999Z', started, broken)).toBeUndefined();
    expect(alert(at('13:01'), started, broken)).toMatchObject({
      kind: 'failed',
      status: 'FAILED',
      occurred_at: at('13:01'),
    });
  });

  test('says who, what, where and since when; what nobody told is null', () => {
    const told = alert(
      at('12:06'),
      { ...started, run_attempt: 2, owner: 'data', cluster: { cluster_id: 'c-1' }, ...within },
      ended('12:05', 'FAILED', { run_attempt: 2, error: { error_code: 'D201', message: 'no column id' } }),
    );
    expect(told).toEqual({
      kind: 'failed',
      environment: 'prod',
      process_name: 'customer_daily',
      run_id: 'run-1',
      run_attempt: 2,
      status: 'FAILED',
      occurred_at: at('12:05'),
      start_time: at('12:00'),
      expected_max_duration_ms: 600_000,
      error_code: 'D201',
      error_message: 'no column id',
      error_step: null,
      owner: 'data',
      cluster_id: 'c-1',
    });
    expect(alertSchema.parse(told)).toEqual(told);
    expect(alert(at('12:06'), ended('12:05', 'FAILED'))).toMatchObject({
      run_attempt: 1,
      error_code: null,
      owner: null,
      cluster_id: null,
      expected_max_duration_ms: null,
    });
  });
});

describe('a run over its SLA', () => {
  const slow = { ...started, ...within };

  test('is late from the millisecond after its deadline on, and since its deadline', () => {
    expect(alert(at('12:10'), slow)).toBeUndefined();
    expect(alert('2025-11-03T12:10:00.001Z', slow)).toMatchObject({ kind: 'late', occurred_at: at('12:10') });
  });

  test('is late for ever, though it ended well; not when it ended in time', () => {
    expect(alert(at('13:00'), slow, ended('12:11', 'SUCCESS'))).toMatchObject({ kind: 'late', status: 'SUCCESS' });
    expect(alert(at('13:00'), slow, ended('12:10', 'SUCCESS'))).toBeUndefined();
    expect(alert(at('13:00'), slow, ended('12:05', 'SUCCESS'))).toBeUndefined();
  });

  test.each(['CANCELLED', 'SKIPPED'] as const)('that was %s pages nobody', (status) => {
    expect(alert(at('13:00'), slow, ended('12:30', status))).toBeUndefined();
  });

  test('that fell silent after its deadline is late, and not told again as silent', () => {
    expect(alert(at('13:30'), slow)).toMatchObject({ kind: 'late', status: 'LOST', occurred_at: at('12:10') });
  });

  test('is none when it has no SLA, however long it runs', () => {
    expect(alert(at('12:59'), started)).toBeUndefined();
  });
});

describe('a silent run', () => {
  test('is an alert of the moment its lease ran out', () => {
    expect(alert('2025-11-03T12:59:59.999Z', started)).toBeUndefined();
    expect(alert(at('13:00'), started)).toMatchObject({ kind: 'failed', status: 'LOST', occurred_at: at('13:00') });
  });

  test('before its deadline stays so when the deadline passes', () => {
    const quiet = { ...started, ...within, lease_ms: 300_000 };
    expect(alert(at('12:05'), quiet)).toMatchObject({ kind: 'failed', occurred_at: at('12:05') });
    expect(alert(at('12:30'), quiet)).toMatchObject({ kind: 'failed', occurred_at: at('12:05') });
  });

  test('at the very moment of its deadline is late', () => {
    expect(alert(at('12:30'), { ...started, ...within, lease_ms: 600_000 })?.kind).toBe('late');
  });
});

test('a run that is well is no alert', () => {
  expect(alert(at('12:06'), started, ended('12:05', 'SUCCESS'))).toBeUndefined();
  expect(alert(at('12:06'), started)).toBeUndefined();
});

test('a run of which nobody knows when it failed is no alert; one without names has empty ones', () => {
  const run = stateOf(started, ended('12:05', 'FAILED'));
  expect(alertOf({ ...run, end_time: null, lease_expires_at: null }, at('12:06'))).toBeUndefined();
  const nameless = { ...run, environment: null, process_name: null, run_id: null, run_attempt: null };
  expect(alertOf(nameless, at('12:06'))).toMatchObject({
    environment: '',
    process_name: '',
    run_id: '',
    run_attempt: 1,
  });
});

test('a backfill pages nobody', () => {
  expect(alert(at('12:06'), { ...started, run_mode: 'backfill' }, ended('12:05', 'FAILED'))).toBeUndefined();
  expect(alert(at('12:06'), { ...started, run_mode: 'manual' }, ended('12:05', 'FAILED'))).toBeDefined();
});

test('what happened more than a day ago pages nobody', () => {
  const failed = [started, ended('12:05', 'FAILED')];
  expect(alert('2025-11-04T12:05:00.000Z', ...failed)).toBeDefined();
  expect(alert('2025-11-04T12:05:00.001Z', ...failed)).toBeUndefined();
});

test('an alert is of one run attempt and kind: the same again has the same key', () => {
  const [first, again, other] = [1, 1, 2].map((run_attempt) =>
    alert(at('12:06'), ended('12:05', 'FAILED', { run_attempt, message: 'told again' })),
  );
  if (!first || !again || !other) throw new Error('expected three alerts');
  expect(alertKeyOf(first)).toBe(alertKeyOf({ ...again, error_code: 'D201' }));
  const keys = [first, other, { ...first, kind: 'late' as const }, { ...first, environment: 'dev' }].map(alertKeyOf);
  expect(new Set(keys).size).toBe(4);
});
