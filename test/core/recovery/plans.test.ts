import { describe, expect, test } from 'vitest';
import type { ExpectedSlot } from '../../../core/alert/expected-slot.ts';
import { planBackfill } from '../../../core/recovery/plan-backfill.ts';
import { planReplay, type ReplayCase, type ReplayRequest } from '../../../core/recovery/plan-replay.ts';
import { policyOf } from '../../../core/recovery/policy.ts';
import { quietUntil } from '../../../core/recovery/quiet-hours.ts';
import { resumeStep } from '../../../core/recovery/resume-step.ts';
import { aToldRun, expecting } from '../alert/a-told-run.ts';

const START = '2025-11-03T02:00:00.000Z';
const TARGET = 'restart: { command: { run: [job, --all] } }';
const step = (step_name: string, step_index: number, status: string) => ({
  ...{
    event_type: 'STEP_END' as const,
    step_name,
    step_index,
    status: status as 'FAILED',
    event_time: '2025-11-03T02:09:00.000Z',
  },
});
const failed = (run_id = 'a', ...steps: ReturnType<typeof step>[]) =>
  aToldRun(run_id, START, 10, { status: 'FAILED', error: { error_code: 'T101', message: 'no' } }, ...steps);
const STEPS = [step('extract', 1, 'SUCCESS'), step('load', 2, 'FAILED')];

function plan(request: Partial<ReplayRequest> = {}, known: Partial<ReplayCase> = {}, settings = TARGET) {
  const told = known.told ?? failed('a', ...STEPS);
  return planReplay(
    { run_id: 'a', params: {}, new_run_id: 'a-replay-1', ...request },
    {
      ...{ policy: policyOf(expecting(settings)), told, slot: { name: 'run a', runs: [told] } },
      ...{ restarts: [], downstream: ['mart'], now: '2025-11-03T03:00:00.000Z', ...known },
    },
  );
}

describe('the plan of a replay', () => {
  test('says what is skipped and why, what starts it, and who waits for it', () => {
    expect(plan({ from_failed: true, params: { workers: '8' } })).toMatchObject({
      target: 'the command job --all',
      run: {
        run_id: 'a-replay-1',
        parent_run_id: 'a',
        root_run_id: 'a',
        run_attempt: 2,
        from_step: 2,
        params: { workers: '8' },
      },
      steps: [
        { step_name: 'extract', skipped: 'before step 2' },
        { step_name: 'load', status: 'FAILED' },
      ],
      ...{ downstream: ['mart'], problems: [], warnings: [] },
    });
  });

  test('of a replay names the first run as root, and counts on', () => {
    const first = failed('a');
    const second = aToldRun('b', START, 20, { status: 'FAILED', parent_run_id: 'a', root_run_id: 'a', run_attempt: 2 });
    expect(plan({ run_id: 'b' }, { told: second, slot: { name: 'run a', runs: [first, second] } }).run).toMatchObject({
      ...{ parent_run_id: 'b', root_run_id: 'a', run_attempt: 3 },
    });
  });

  test.each([
    ['without a target', {}, {}, '', /expected a restart target of orders/],
    [
      'of a run that is open',
      {},
      { told: aToldRun('a', START) },
      TARGET,
      /expected a run that has ended, but a is RUNNING/,
    ],
    [
      'beside an open run of the slot',
      {},
      { slot: { name: 's', runs: [aToldRun('b', START)] } },
      TARGET,
      /b is under way/,
    ],
    ['from a step that it has not', { from_step: 7 }, {}, TARGET, /index of a step of the run \(1, 2\), but got 7/],
    [
      'from the failed step of a run without steps',
      { from_failed: true },
      { told: failed() },
      TARGET,
      /replay it from its start/,
    ],
    ['from two steps', { from_failed: true, from_step: 1 }, {}, TARGET, /but got both/],
  ])('has a problem %s', (_, request, known, settings, problem) => {
    expect(plan(request, known, settings).problems.join()).toMatch(problem);
  });

  test.each([
    [
      'its slot is good already',
      {},
      { slot: { name: 's', runs: [aToldRun('b', START, 1)] } },
      /b of the same slot is good already/,
    ],
    [
      'a failed step is skipped',
      { from_step: 3 },
      { told: failed('a', ...STEPS, step('done', 3, 'SUCCESS')) },
      /load did not end well/,
    ],
    [
      'its steps have changed',
      { from_failed: true },
      { later: failed('b', step('other', 1, 'SUCCESS')) },
      /b has others, so step 2/,
    ],
    ['it was lost', {}, { told: aToldRun('a', START), now: '2025-11-05T00:00:00.000Z' }, /may still be running/],
  ])('warns when %s', (_, request, known, warning) => {
    expect(plan(request, known).warnings.join()).toMatch(warning);
  });
});

test('a run resumes at its first step that did not end well, and from its start when its steps have no order', () => {
  const of = (...steps: [number | null, string][]) =>
    resumeStep(steps.map(([step_index, status]) => ({ step_index, status: status as 'FAILED' })));
  expect(of([1, 'SUCCESS'], [2, 'FAILED'], [3, 'ABANDONED'])).toBe(2);
  expect(of([1, 'SUCCESS'], [2, 'SKIPPED'])).toBe(3);
  expect(of([1, 'FAILED'])).toBeUndefined();
  expect(of([1, 'SUCCESS'], [null, 'FAILED'])).toBeUndefined();
  expect(of()).toBeUndefined();
});

test('quiet hours go over midnight, by the clocks of their zone and the day on which they began', () => {
  const quiet = { from: '22:00', until: '06:00', timezone: 'Europe/Stockholm', weekdays: ['sat' as const] };
  // 2025-11-01 is a Saturday; Stockholm is one hour ahead.
  expect(quietUntil(quiet, '2025-11-01T21:30:00.000Z')).toBe('2025-11-02T05:00:00.000Z');
  expect(quietUntil(quiet, '2025-11-02T04:59:00.000Z')).toBe('2025-11-02T05:00:00.000Z');
  expect(quietUntil(quiet, '2025-11-02T05:00:00.000Z')).toBeUndefined();
  expect(quietUntil(quiet, '2025-11-02T21:30:00.000Z')).toBeUndefined();
  expect(quietUntil(undefined, '2025-11-01T21:30:00.000Z')).toBeUndefined();
});

test('a backfill runs what is missed or failed, oldest first, and nothing that is good, open or to come', () => {
  const slot = (day: number, state: ExpectedSlot['state']): ExpectedSlot => ({
    ...{
      environment: 'prod',
      process_name: 'orders',
      slot: `2025-11-0${day}T02:00:00.000Z`,
      local_time: '',
      timezone: 'UTC',
    },
    ...{ state, reasons: [], run_ids: [`r${day}`] },
  });
  const slots = [
    slot(5, 'missed'),
    slot(1, 'good'),
    slot(2, 'failed'),
    slot(3, 'running'),
    slot(4, 'missed'),
    slot(9, 'waiting'),
  ];
  const good = new Map([['2025-11-04T02:00:00.000Z', 'old']]);
  expect(
    planBackfill(slots, good, '2025-11-06T00:00:00.000Z').map(({ slot, todo }) => `${slot.slice(8, 10)} ${todo}`),
  ).toEqual([...['01 done', '02 run', '03 open', '04 done', '05 run']]);
});
