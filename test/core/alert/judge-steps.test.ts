import { expect, test } from 'vitest';
import { judgeSlot } from '../../../core/alert/judge-slot.ts';
import type { Event } from '../../../core/schema/event.ts';
import { aToldRun, expecting } from './a-told-run.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;
const step = (
  step_name: string,
  event_type: 'STEP_START' | 'STEP_END',
  time: string,
  more: object = {},
): Partial<Event> => ({
  event_type,
  step_name,
  event_id: `${step_name} ${event_type}`,
  event_time: at(time),
  ...(event_type === 'STEP_START'
    ? { status: 'RUNNING', start_time: at(time) }
    : { status: 'SUCCESS', end_time: at(time) }),
  ...more,
});
const LIMITS = expecting('steps: { load: { max_duration: 20m }, "extract_*": { max_duration: 5m } }');
const judge = (minutes: number | undefined, now: string, ...events: readonly Partial<Event>[]) =>
  judgeSlot(LIMITS, undefined, [aToldRun('a', at('02:00'), minutes, {}, ...events)], { now: at(now) });

test('a step that runs longer than it may is told by the clock alone', () => {
  const loading = step('load', 'STEP_START', '02:10');
  expect(judge(undefined, '02:20', loading)).toMatchObject({ conditions: [], next_check: '2025-11-03T02:30:00.001Z' });
  expect(judge(undefined, '02:31', loading).conditions).toEqual([
    {
      reason: 'SLA_BREACH',
      severity: 'P3',
      occurred_at: at('02:30'),
      text: 'has been in its step load for longer than the expected 20 min',
      run_id: 'a',
    },
  ]);
});

test('a step that took too long is told though it ended, of several the first, by patterns too', () => {
  const events = [
    step('load', 'STEP_START', '02:10'),
    step('load', 'STEP_END', '02:40'),
    step('extract_a', 'STEP_START', '02:00'),
    step('extract_a', 'STEP_END', '02:06'),
  ];
  expect(judge(60, '04:00', ...events).conditions.map(({ text }) => text)).toEqual([
    'took 6 min in its step extract_a, at most 5 min was expected, and 1 more of its steps took too long',
  ]);
  expect(judge(60, '04:00', step('load', 'STEP_START', '02:10'), step('load', 'STEP_END', '02:30')).conditions).toEqual(
    [],
  );
  expect(
    judge(60, '04:00', step('other', 'STEP_START', '02:10'), step('other', 'STEP_END', '05:30')).conditions,
  ).toEqual([]);
});

test('of a step that its run left open nobody knows when it ended', () => {
  expect(judge(60, '04:00', step('load', 'STEP_START', '02:10')).conditions).toEqual([]);
});
