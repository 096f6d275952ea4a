import { describe, expect, test } from 'vitest';
import { checkedAtOf, checkTimesOf, deadlineOf, nextCheckOf } from '../../../core/run/next-checks.ts';
import { indexOf } from '../../../core/run/run-index.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { anEvent } from '../../factories.ts';

import { at, stateOf } from '../view-of-events.ts';

const started = { event_type: 'RUN_START', status: 'RUNNING', event_time: at('12:00') } as const;
const within = (expected_max_duration_ms: number) => ({ sla: { expected_max_duration_ms } });

describe('the deadline of a run', () => {
  test('is its start and the longest it may take', () => {
    expect(deadlineOf(stateOf({ ...started, ...within(600_000) }))).toBe(at('12:10'));
  });

  test('is none without a start or without an SLA', () => {
    expect(deadlineOf(stateOf(started))).toBeUndefined();
    expect(deadlineOf({ start_time: null, expected_max_duration_ms: 600_000 })).toBeUndefined();
  });
});

test('an SLA that no instant can hold is no limit', () => {
  const state = stateOf({ ...started, ...within(Number.MAX_SAFE_INTEGER), lease_ms: 60_000 });
  expect(deadlineOf(state)).toBeUndefined();
  expect(checkTimesOf(state, 0)).toEqual([at('12:01')]);
  const farthest = Date.parse('9999-12-31T23:59:59.998Z') - Date.parse(at('12:00'));
  expect(deadlineOf(stateOf({ ...started, ...within(farthest) }))).toBe('9999-12-31T23:59:59.998Z');
  expect(checkTimesOf({ ...stateOf({ ...started, ...within(farthest) }), lease_expires_at: null }, 0)).toEqual([]);
  expect(deadlineOf(stateOf({ ...started, ...within(farthest + 1) }))).toBeUndefined();
});

describe('a run is looked at', () => {
  test('a millisecond after its deadline, and when its lease runs out', () => {
    expect(checkTimesOf(stateOf({ ...started, ...within(600_000), lease_ms: 1_200_000 }), 0)).toEqual([
      '2025-11-03T12:10:00.001Z',
      at('12:20'),
    ]);
  });

  test('when its lease runs out, if it has no SLA', () => {
    expect(checkTimesOf(stateOf({ ...started, lease_ms: 60_000 }), 0)).toEqual([at('12:01')]);
  });

  test('not for its SLA when it would fall silent before that is over', () => {
    expect(checkTimesOf(stateOf({ ...started, ...within(600_000), lease_ms: 60_000 }), 0)).toEqual([at('12:01')]);
    expect(checkTimesOf(stateOf({ ...started, ...within(599_999), lease_ms: 600_000 }), 0)).toEqual([at('12:10')]);
    expect(checkTimesOf(stateOf({ ...started, ...within(599_998), lease_ms: 600_000 }), 0)).toHaveLength(2);
  });

  test('as long after its lease as a sign of life may stay unwritten', () => {
    expect(checkTimesOf(stateOf({ ...started, lease_ms: 60_000 }), 6_000)).toEqual(['2025-11-03T12:01:06.000Z']);
    expect(indexOf(runOf(anEvent({ ...started, lease_ms: 60_000 }))).check_times).toEqual(['2025-11-03T12:01:06.000Z']);
  });

  test('for its SLA alone, when it has no lease', () => {
    const run = { ...stateOf({ ...started, ...within(600_000) }), lease_expires_at: null };
    expect(checkTimesOf(run, 0)).toEqual(['2025-11-03T12:10:00.001Z']);
    expect(checkTimesOf({ ...run, expected_max_duration_ms: null }, 0)).toEqual([]);
  });
});

describe('the next check', () => {
  const times = [at('12:10'), at('12:20')];

  test('is the first of a run that was never checked', () => {
    expect(nextCheckOf(times, undefined)).toBe(at('12:10'));
  });

  test('comes after the last check, and never at it', () => {
    expect(nextCheckOf(times, at('12:09'))).toBe(at('12:10'));
    expect(nextCheckOf(times, at('12:10'))).toBe(at('12:20'));
  });

  test('is none when all have been', () => {
    expect(nextCheckOf(times, at('12:20'))).toBeUndefined();
    expect(nextCheckOf([], undefined)).toBeUndefined();
  });
});

test('a check that arrives late moves nothing back', () => {
  expect(checkedAtOf(undefined, at('12:10'))).toBe(at('12:10'));
  expect(checkedAtOf(at('12:00'), at('12:10'))).toBe(at('12:10'));
  expect(checkedAtOf(at('12:20'), at('12:10'))).toBe(at('12:20'));
});
