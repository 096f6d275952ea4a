import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { epochMsOf, instantOf } from '../../../core/instant.ts';
import { statusAt } from '../../../core/run/status-at.ts';
import { hasEnded } from '../../../core/run/work-view.ts';
import { STATUSES } from '../../../core/schema/event.ts';
import { at, stateOf } from '../view-of-events.ts';

const started = { event_type: 'RUN_START', status: 'RUNNING', event_time: at('12:00'), lease_ms: 900_000 } as const;
const open = stateOf(started);

describe('an open run', () => {
  test('is as it was said while less than two thirds of its lease are silent', () => {
    expect(statusAt(open, at('12:00'))).toBe('RUNNING');
    expect(statusAt(open, '2025-11-03T12:09:59.999Z')).toBe('RUNNING');
    expect(statusAt(stateOf({ ...started, status: 'QUEUED' }), at('12:09'))).toBe('QUEUED');
  });

  test('is SUSPECT from exactly two thirds of its lease on', () => {
    expect(statusAt(open, at('12:10'))).toBe('SUSPECT');
    expect(statusAt(open, '2025-11-03T12:14:59.999Z')).toBe('SUSPECT');
  });

  test('is LOST from the moment its lease runs out', () => {
    expect(statusAt(open, at('12:15'))).toBe('LOST');
    expect(statusAt(open, '2026-11-03T12:15:00.000Z')).toBe('LOST');
  });

  test('is FAILED then when its last word was an error', () => {
    const run = stateOf(started, { event_type: 'ERROR', event_time: at('12:05'), error: { message: 'it broke' } });
    expect(statusAt(run, at('12:19'))).toBe('SUSPECT');
    expect(statusAt(run, at('12:20'))).toBe('FAILED');
  });

  test('runs again when something is heard of it', () => {
    expect(statusAt(stateOf(started, { event_type: 'HEARTBEAT', event_time: at('12:14') }), at('12:15'))).toBe(
      'RUNNING',
    );
  });

  test('whose events say no lease may be silent for a day', () => {
    const { lease_ms: _, ...without } = started;
    expect(statusAt(stateOf(without), at('23:59'))).toBe('RUNNING');
    expect(statusAt(stateOf(without), '2025-11-04T12:00:00.000Z')).toBe('LOST');
  });

  test.each(['last_event_at', 'lease_ms', 'lease_expires_at'] as const)('without %s is as it was said', (field) => {
    expect(statusAt({ ...open, [field]: null }, at('13:00'))).toBe('RUNNING');
  });

  test('of which nothing was said is RUNNING', () => {
    expect(statusAt({ ...open, status: null }, at('12:00'))).toBe('RUNNING');
  });
});

test.each(STATUSES.filter(hasEnded))('a run that ended %s stays so', (status) => {
  const ended = stateOf(started, { ...started, event_type: 'RUN_END', status });
  expect(statusAt(ended, '2030-01-01T00:00:00.000Z')).toBe(status);
});

test('without an event the clock never brings a run back', () => {
  const order = ['RUNNING', 'SUSPECT', 'LOST'];
  const minute = fc.integer({ min: 0, max: 40 * 60_000 });
  fc.assert(
    fc.property(minute, minute, (one, other) => {
      const [first, second] = [one, other]
        .sort((a, b) => a - b)
        .map((afterMs) => statusAt(open, instantOf(epochMsOf(at('12:00')) + afterMs)));
      expect(order.indexOf(first ?? '')).toBeLessThanOrEqual(order.indexOf(second ?? ''));
    }),
  );
});
