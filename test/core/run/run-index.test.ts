import { expect, test } from 'vitest';
import { MAX_LIVE_DATES } from '../../../core/run/run.ts';
import { indexOf, logDatesOf } from '../../../core/run/run-index.ts';
import { runOf } from '../../../core/run/run-of.ts';
import { anEvent } from '../../factories.ts';

test('a run is found by being open, its start and its checks', () => {
  const run = runOf(anEvent({ event_time: '2025-11-03T12:00:00.000Z', lease_ms: 3_600_000 }));
  expect(indexOf(run)).toEqual({
    open: true,
    start_time: '2025-11-03T12:00:00.000Z',
    silent_at: '2025-11-03T13:00:00.000Z',
    check_times: ['2025-11-03T13:06:00.000Z'],
  });
});

test('a run that told no start is found by its first event', () => {
  const run = runOf(anEvent({ event_type: 'HEARTBEAT', event_time: '2025-11-03T12:00:00.000Z' }));
  expect(indexOf(run)).toMatchObject({ open: true, start_time: '2025-11-03T12:00:00.000Z' });
});

test('a run that ended is not open', () => {
  expect(indexOf(runOf(anEvent({ event_type: 'RUN_END', status: 'FAILED' }))).open).toBe(false);
});

test('a run is logged on the dates of its events', () => {
  const run = { ...runOf(anEvent()), event_dates: ['2025-11-01', '2025-11-03'] };
  expect(logDatesOf(run)).toEqual(['2025-11-01', '2025-11-03']);
});

test('a run with more dates than it keeps is logged on every date that it spans', () => {
  const run = {
    ...runOf(anEvent()),
    event_dates: Array.from({ length: MAX_LIVE_DATES }, () => '2025-10-31'),
    first_event_at: '2025-10-31T23:59:59.999Z',
    last_event_at: '2025-11-02T00:00:00.000Z',
  };
  expect(logDatesOf(run)).toEqual(['2025-10-31', '2025-11-01', '2025-11-02']);
});
