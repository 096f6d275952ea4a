import { describe, expect, test } from 'vitest';
import { checkedAtOf, checkTimesOf, deadlineOf, nextCheckOf } from '../../../core/run/next-checks.ts';
import { runOf } from '../../../core/run/run.ts';
import { viewOf } from '../../../core/run/run-view.ts';
import type { Event } from '../../../core/schema/event.ts';
import { anEvent } from '../../factories.ts';

const HOUR_MS = 3_600_000;
const at = (hour: string): string => `2025-11-03T${hour}:00:00.000Z`;
const viewed = (event: Partial<Event>) => viewOf(runOf(anEvent({ event_time: at('12'), ...event }))).run;
const slaOf = (hours: number) => ({ sla: { expected_max_duration_ms: hours * HOUR_MS } });

test('the deadline is the start and the longest expected duration; without either there is none', () => {
  expect(deadlineOf(viewed(slaOf(1)))).toBe(at('13'));
  expect(deadlineOf(viewed({}))).toBeUndefined();
  expect(deadlineOf({ start_time: null, expected_max_duration_ms: 1 })).toBeUndefined();
});

describe('an open run is checked', () => {
  test('a millisecond after its deadline, and when its lease runs out', () => {
    expect(checkTimesOf(viewed({ ...slaOf(1), lease_ms: 2 * HOUR_MS }))).toEqual([
      '2025-11-03T13:00:00.001Z',
      at('14'),
    ]);
  });

  test('when its lease runs out only, if that comes first', () => {
    expect(checkTimesOf(viewed({ ...slaOf(2), lease_ms: HOUR_MS }))).toEqual([at('13')]);
  });

  test('for its deadline only, if it has no lease', () => {
    expect(checkTimesOf({ ...viewed(slaOf(1)), lease_expires_at: null })).toEqual(['2025-11-03T13:00:00.001Z']);
  });
});

test('the next check is the first after the last one, a check at that very moment included in the last', () => {
  expect(nextCheckOf([at('13'), at('14')], undefined)).toBe(at('13'));
  expect(nextCheckOf([at('13'), at('14')], at('12'))).toBe(at('13'));
  expect(nextCheckOf([at('13'), at('14')], at('13'))).toBe(at('14'));
  expect(nextCheckOf([at('13'), at('14')], at('14'))).toBeUndefined();
});

test('a check that arrives late moves nothing back', () => {
  expect(checkedAtOf(undefined, at('13'))).toBe(at('13'));
  expect(checkedAtOf(at('12'), at('13'))).toBe(at('13'));
  expect(checkedAtOf(at('14'), at('13'))).toBe(at('14'));
});
