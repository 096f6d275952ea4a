import { expect, test } from 'vitest';
import { drawnRows } from '../../dashboard/src/parts/drawn-rows.ts';
import { toldBy } from '../../dashboard/src/views/run/run-told.ts';
import { placesOf, spanOf } from '../../dashboard/src/views/run/spans.ts';
import {
  failedTries,
  lastTries,
  rootOf,
  stepKeyOf,
  type Try,
  triesByStep,
} from '../../dashboard/src/views/run/tries.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();
const nothing = {
  duration_ms: null,
  records_in: null,
  records_out: null,
  error_code: null,
  error_message: null,
  root_cause: null,
  stack_trace: null,
};
const aTry = (step_name: string | null, attempt: number, more: Partial<Try> = {}): Try => ({
  ...nothing,
  ...{
    run_attempt: 1,
    step_name,
    step_index: 0,
    map_index: null,
    attempt,
    status: 'SUCCESS',
    start_time: at(0),
    end_time: at(10),
  },
  ...more,
});
const aRunOf = (end: number | null, status: 'SUCCESS' | 'RUNNING' | 'LOST' = 'SUCCESS') => ({
  ...{
    start_time: at(0),
    end_time: end === null ? null : at(end),
    first_event_at: at(0),
    last_event_at: at(50),
    status,
  },
});

test('the tries of a step stand together, in order, whichever of them told its index', () => {
  const tries = [
    aTry('load', 2, { step_index: null }),
    aTry('load', 1),
    aTry('load', 1, { run_attempt: 2 }),
    aTry(null, 1),
  ];
  const those = triesByStep(tries).get(stepKeyOf({ step_name: 'load', map_index: null })) ?? [];
  expect(those.map(({ run_attempt, attempt }) => [run_attempt, attempt])).toEqual([
    [1, 1],
    [1, 2],
    [2, 1],
  ]);
});

test('steps come by their index, then by name; each as its last try left it', () => {
  const tries = [
    aTry('b', 1, { step_index: 1 }),
    aTry('a', 1, { step_index: 0, status: 'FAILED' }),
    aTry('a', 2),
    aTry('z', 1, { step_index: null }),
  ];
  expect(lastTries(tries).map(({ step_name, status }) => [step_name, status])).toEqual([
    ['a', 'SUCCESS'],
    ['b', 'SUCCESS'],
    ['z', 'SUCCESS'],
  ]);
});

test('the error that began it is that of the step which failed first in the last attempt', () => {
  const bad = { status: 'FAILED', error_code: 'D201', error_message: 'no column' };
  const tries = [
    aTry('old', 1, { ...bad, end_time: at(1) }),
    aTry('mended', 1, { ...bad, run_attempt: 2, end_time: at(20), status: 'SUCCESS' }),
    aTry('first', 1, { ...bad, run_attempt: 2, end_time: at(30) }),
    aTry('second', 1, { ...bad, run_attempt: 2, end_time: at(40) }),
    aTry(null, 1, { ...bad, run_attempt: 2, end_time: at(50) }),
  ];
  const failed = failedTries(tries);
  expect([failed[0]?.end_time, rootOf(failed)?.step_name, rootOf([])]).toEqual([at(50), 'first', undefined]);
});

test('bars stand where they were in time: what runs goes on until now, what was lost until it was last heard of', () => {
  const step = (from: number | null, until: number | null) => ({
    start_time: from === null ? null : at(from),
    end_time: until === null ? null : at(until),
    duration_ms: null,
  });
  const now = NOW + 100_000;
  const running = aRunOf(null, 'RUNNING');
  const whole = spanOf(running, [step(0, 50)], now);
  expect(placesOf(step(50, null), running, whole, now)).toEqual({ left: 50, width: 50 });
  const lost = aRunOf(null, 'LOST');
  expect(placesOf(step(25, null), lost, spanOf(lost, [], now), now)).toEqual({ left: 50, width: 50 });
  const ended = aRunOf(100);
  expect(placesOf({ ...step(null, 100), duration_ms: 25_000 }, ended, spanOf(ended, [], now), now)).toEqual({
    left: 75,
    width: 25,
  });
  expect(placesOf(step(null, null), ended, spanOf(ended, [], now), now)).toBeNull();
  expect(placesOf(step(-500, 900), ended, spanOf(ended, [], now), now)).toEqual({ left: 0, width: 100 });
});

test('of many rows those in sight are drawn, and the others keep their place', () => {
  expect(drawnRows(40, 30, 0, 600)).toEqual({ from: 0, until: 40, above: 0, below: 0 });
  const { from, until, above, below } = drawnRows(10_000, 30, 150_000, 600);
  expect(until - from).toBeLessThan(60);
  expect(above + (until - from) * 30 + below).toBe(300_000);
  expect(drawnRows(10_000, 30, 1e9, 600)).toMatchObject({ from: 10_000, until: 10_000, below: 0 });
  expect(drawnRows(10_000, 30, -5_000, 600).from).toBe(0);
});

test('what events say of a run is gathered: the later word wins, and what is no map is passed over', () => {
  const told = toldBy([
    {
      event_type: 'RUN_START',
      step_name: null,
      params: '{"day":"1","deep":{"a":1}}',
      tags: null,
      metrics: null,
      reporter: 'producer',
    },
    {
      event_type: 'STEP_END',
      step_name: 'load',
      params: '{"day":"2"}',
      metrics: '{"rows":3,"odd":"x"}',
      reporter: 'producer',
      producer_name: 'python',
    },
    { event_type: 'RUN_END', step_name: null, params: 'no json', tags: '[1]', message: 'all good' },
  ]);
  expect(told).toEqual({
    params: { day: '2', deep: '{"a":1}' },
    tags: {},
    metrics: [{ step: 'load', name: 'rows', value: 3 }],
    reporters: [
      { name: 'producer', events: 1 },
      { name: 'producer, python', events: 1 },
    ],
    endMessage: 'all good',
  });
});
