import { expect, test } from 'vitest';
import { lastEventsOf } from '../../../core/alert/last-events.ts';
import { aToldRun } from './a-told-run.ts';

const at = (time: string) => `2025-11-03T${time}:00.000Z`;
const step = (name: string, from: string, until: string, status = 'SUCCESS') => [
  {
    event_type: 'STEP_START',
    step_name: name,
    event_time: at(from),
    start_time: at(from),
    event_id: `${name} s`,
  } as const,
  {
    event_type: 'STEP_END',
    step_name: name,
    status,
    event_time: at(until),
    end_time: at(until),
    event_id: `${name} e`,
  } as never,
];

test('the last that was heard of a run, in the zone of its pipeline, until a moment', () => {
  const run = aToldRun(
    'a',
    at('02:00'),
    30,
    { status: 'FAILED' },
    ...step('extract', '02:01', '02:10'),
    ...step('load', '02:11', '02:29', 'FAILED'),
  );
  expect(lastEventsOf(run, 'Europe/Stockholm', at('12:00'))).toEqual([
    '03:00 started',
    '03:01 extract started',
    '03:10 extract SUCCESS',
    '03:11 load started',
    '03:29 load FAILED',
    '03:30 ended, FAILED',
  ]);
  expect(lastEventsOf(run, 'UTC', at('02:11'))).toEqual([
    '02:00 started',
    '02:01 extract started',
    '02:10 extract SUCCESS',
    '02:11 load started',
  ]);
});

test('of many steps the last', () => {
  const steps = Array.from({ length: 20 }, (_, n) => step(`s${n}`, `02:${10 + n}`, `02:${10 + n}`)).flat();
  expect(lastEventsOf(aToldRun('a', at('02:00'), 59, {}, ...steps), 'UTC', at('12:00')).at(-1)).toBe(
    '02:59 ended, SUCCESS',
  );
});
