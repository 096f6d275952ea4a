import { describe, expect, test } from 'vitest';
import { judgeSlot } from '../../../core/alert/judge-slot.ts';
import { slotOfRun } from '../../../core/alert/slot-of-run.ts';
import { type Expectation, expectationFor, expectationsOf } from '../../../core/pipelines/expectations.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';
import type { ToldRun } from '../../../core/run/told-run.ts';
import { slotsOf } from '../../../core/schedule/schedule.ts';
import { anEvent } from '../../factories.ts';
import { toldOfEvents } from '../view-of-events.ts';

const SLOT = '2025-11-03T02:00:00.000Z';
const at = (time: string) => `2025-11-03T${time}:00.000Z`;

function expecting(settings = ''): Expectation {
  const { file, problems } = readFile(
    `version: 1\npipelines:\n  orders: { schedule: { cron: "0 2 * * *", start_grace: 10m }, ${settings} }\n`,
  );
  if (file === undefined) throw new Error(JSON.stringify(problems));
  return expectationFor(
    expectationsOf(file, () => []),
    'prod',
    'orders',
  );
}

/** A run from its start, and how it ended if it did. */
function aRun(
  id: string,
  start: string,
  end?: { at: string; status?: string; error?: object; duration_ms?: number; records_out?: number },
  more: object = {},
): ToldRun {
  const base = { run_id: id, process_name: 'orders', environment: 'prod', ...more };
  const started = anEvent({
    ...base,
    event_type: 'RUN_START',
    status: 'RUNNING',
    event_id: `${id}-start`,
    event_time: at(start),
    start_time: at(start),
  });
  if (end === undefined) return toldOfEvents(started);
  const { at: endedAt, status = 'SUCCESS', ...told } = end;
  const ended = anEvent({
    ...base,
    event_type: 'RUN_END',
    status,
    event_id: `${id}-end`,
    event_time: at(endedAt),
    end_time: at(endedAt),
    ...told,
  } as never);
  return toldOfEvents(started, ended);
}

const failed = (retryable: boolean | undefined, code = 'E200') => ({
  status: 'FAILED',
  error: { error_code: code, message: 'no', ...(retryable === undefined ? {} : { retryable }) },
});
const judge = (expectation: Expectation, runs: readonly ToldRun[], now: string) =>
  judgeSlot(expectation, SLOT, runs, { now: at(now) });
const found = (expectation: Expectation, runs: readonly ToldRun[], now: string) =>
  judge(expectation, runs, now).conditions.map(({ reason, severity }) => `${reason} ${severity}`);

describe('a slot without a run', () => {
  test('is nothing within its grace, and NOT_STARTED a moment after it', () => {
    expect(found(expecting(), [], '02:10')).toEqual([]);
    expect(judge(expecting(), [], '02:10').next_check).toBe('2025-11-03T02:10:00.001Z');
    expect(found(expecting(), [], '02:11')).toEqual(['NOT_STARTED P2']);
    expect(judge(expecting(), [], '02:11').conditions[0]).toMatchObject({
      occurred_at: at('02:10'),
      text: 'was expected to start at 2025-11-03 02:00 (UTC), and had not by 2025-11-03 02:10',
    });
  });

  test('of a pipeline of high severity wakes somebody, of low severity nobody', () => {
    expect(found(expecting('severity: high'), [], '02:11')).toEqual(['NOT_STARTED P1']);
    expect(found(expecting('severity: low'), [], '02:11')).toEqual(['NOT_STARTED P3']);
  });

  test('of a paused pipeline is nothing', () => {
    expect(found(expecting('paused: true'), [], '09:00')).toEqual([]);
  });
});

describe('a run that does not end', () => {
  test('is too long from the first moment after its limit, by the clock alone', () => {
    const runs = [aRun('a', '02:00')];
    expect(found(expecting('max_duration: 45m'), runs, '02:45')).toEqual([]);
    expect(judge(expecting('max_duration: 45m'), runs, '02:30').next_check).toBe('2025-11-03T02:45:00.001Z');
    expect(found(expecting('max_duration: 45m'), runs, '02:46')).toEqual(['SLA_BREACH P3']);
  });

  test('is not finished by the time of day that was expected', () => {
    expect(found(expecting('finish_by: "06:30"'), [aRun('a', '02:00')], '06:31')).toEqual(['NOT_FINISHED_BY P2']);
  });

  test('is stalled when the file expects signs of life, and its status stays what it is', () => {
    expect(found(expecting('heartbeat: { every: 1m, misses: 3 }'), [aRun('a', '02:00')], '02:03')).toEqual([
      'STALLED P3',
    ]);
  });

  test('is stalled and lost when its lease has run out', () => {
    const run = aRun('a', '02:00', undefined, { lease_ms: 600_000 });
    expect(found(expecting(), [run], '02:11')).toEqual(['STALLED P2']);
  });

  test('hides nothing of another run: the older one that is stuck is still too long', () => {
    const runs = [aRun('old', '02:00'), aRun('new', '02:05', { at: '02:20' })];
    expect(found(expecting('max_duration: 45m'), runs, '02:50')).toEqual(['SLA_BREACH P3']);
    expect(judge(expecting('max_duration: 45m'), runs, '02:50').isGood).toBe(false);
  });
});

describe('a run that failed', () => {
  test('fails its slot', () => {
    expect(found(expecting(), [aRun('a', '02:00', { at: '02:20', ...failed(undefined) })], '02:21')).toEqual([
      'FAILED P2',
    ]);
  });

  test('with an error that no retry mends wakes somebody when the pipeline is of high severity', () => {
    expect(
      found(expecting('severity: high'), [aRun('a', '02:00', { at: '02:20', ...failed(false) })], '02:21'),
    ).toEqual(['FAILED P1']);
  });

  test('with a code that no retry mends, as the taxonomy says, is the same; what the run itself says goes before', () => {
    const severe = (retryable: boolean | undefined, code: string) =>
      found(expecting('severity: high'), [aRun('a', '02:00', { at: '02:20', ...failed(retryable, code) })], '02:21');
    expect(severe(undefined, 'D201')).toEqual(['FAILED P1']);
    expect(severe(undefined, 'C301')).toEqual(['FAILED P1']);
    expect(severe(undefined, 'T101')).toEqual(['FAILED P2']);
    expect(severe(true, 'D201')).toEqual(['FAILED P2']);
  });

  test('waits for its retry before anybody is told, and is told when none comes', () => {
    const expectation = expecting('retry: { max_attempts: 3, backoff: 5m }');
    const runs = [aRun('a', '02:00', { at: '02:20', ...failed(true) })];
    expect(found(expectation, runs, '02:24')).toEqual([]);
    expect(judge(expectation, runs, '02:24').next_check).toBe('2025-11-03T02:25:00.001Z');
    expect(found(expectation, runs, '02:26')).toEqual(['FAILED P2']);
    expect(found(expectation, [...runs, aRun('b', '02:24')], '02:26')).toEqual([]);
  });

  test('for the last time that was allowed has exhausted its retries', () => {
    const expectation = expecting('retry: { max_attempts: 2, backoff: 5m }');
    const runs = [
      aRun('a', '02:00', { at: '02:10', ...failed(true) }),
      aRun('b', '02:15', { at: '02:20', ...failed(true) }),
    ];
    expect(found(expectation, runs, '02:21')).toEqual(['RETRIES_EXHAUSTED P2']);
  });

  test('is mended by any good run of its slot', () => {
    const runs = [aRun('a', '02:00', { at: '02:20', ...failed(true) }), aRun('b', '05:00', { at: '05:20' })];
    expect(judge(expecting(), runs, '05:21')).toEqual({ conditions: [], isGood: true, next_check: undefined });
  });

  test('outside any slot is mended by a later good run of the pipeline', () => {
    const run = aRun('a', '02:00', { at: '02:20', ...failed(true) });
    expect(judgeSlot(expecting(), undefined, [run], { now: at('09:00') }).isGood).toBe(false);
    expect(judgeSlot(expecting(), undefined, [run], { now: at('09:00'), laterGood: true })).toMatchObject({
      conditions: [],
      isGood: true,
    });
  });
});

describe('a good run that is not as expected', () => {
  test.each([
    ['min_duration: 5m', { at: '02:01' }, 'TOO_SHORT P3'],
    ['records: { minimum: 1000 }', { at: '02:20', records_out: 10 }, 'RECORDS P3'],
    ['records: { maximum: 5 }', { at: '02:20', records_out: 10 }, 'RECORDS P3'],
    ['max_duration: 10m', { at: '02:20' }, 'SLA_BREACH P3'],
  ])('%s', (settings, end, expected) => {
    expect(found(expecting(settings), [aRun('a', '02:00', end)], '09:00')).toEqual([expected]);
  });

  test('is wrong until a later run of the pipeline is good', () => {
    const run = aRun('a', '02:00', { at: '02:01' });
    expect(judge(expecting('min_duration: 5m'), [run], '09:00').isGood).toBe(false);
    expect(judgeSlot(expecting('min_duration: 5m'), SLOT, [run], { now: at('09:00'), laterGood: true }).isGood).toBe(
      true,
    );
  });

  test('CANCELLED and SKIPPED are never late; nothing to do is good', () => {
    for (const status of ['CANCELLED', 'SKIPPED'])
      expect(found(expecting('max_duration: 10m'), [aRun('a', '02:00', { at: '02:20', status })], '09:00')).toEqual([]);
    expect(judge(expecting(), [aRun('a', '02:00', { at: '02:20', status: 'SKIPPED' })], '09:00').isGood).toBe(true);
  });

  test('a second run that mends nothing is one too many', () => {
    const runs = [aRun('a', '02:00', { at: '02:20' }), aRun('b', '04:00')];
    expect(found(expecting(), runs, '04:01')).toEqual(['EXTRA_RUN P3']);
  });
});

test('a backfill beside the run of a slot says nothing of it, but may make it good', () => {
  const backfill = { run_mode: 'backfill' };
  const failing = aRun('back', '03:00', { at: '03:10', ...failed(false) }, backfill);
  expect(found(expecting(), [aRun('a', '02:00', { at: '02:20' }), failing], '04:00')).toEqual([]);
  expect(found(expecting(), [aRun('a', '02:00'), failing], '04:00')).toEqual([]);
  const good = aRun('back', '03:00', { at: '03:10' }, backfill);
  expect(judge(expecting(), [aRun('a', '02:00', { at: '02:20', ...failed(true) }), good], '04:00').isGood).toBe(true);
  expect(found(expecting(), [good, aRun('a', '03:30', { at: '03:40' })], '04:00')).toEqual([]);
});

test('a run that fills a slot of days ago is a backfill and tells nobody', () => {
  const run = aRun('a', '02:00', { at: '02:20', ...failed(false) });
  expect(judgeSlot(expecting(), '2025-10-30T02:00:00.000Z', [run], { now: at('09:00') })).toEqual({
    conditions: [],
    isGood: true,
  });
});

describe('the slot of a run', () => {
  const { schedule } = expecting();
  const slots = schedule && slotsOf(schedule);
  const times = (start: string, scheduled_for: string | null = null) => ({
    start_time: start,
    scheduled_for,
    queued_at: null,
    first_event_at: start,
  });

  test.each([
    ['on time', '2025-11-03T02:00:00.000Z', null, '2025-11-03'],
    ['a little early', '2025-11-03T01:55:00.000Z', null, '2025-11-03'],
    ['hours late', '2025-11-03T20:00:00.000Z', null, '2025-11-03'],
    ['claimed', '2025-11-03T20:00:00.000Z', '2025-11-01T02:00:00.000Z', '2025-11-01'],
    ['claimed, but no slot of the schedule', '2025-11-03T20:00:00.000Z', '2025-11-01T02:30:00.000Z', '2025-11-03'],
    ['claimed, but of next year', '2025-11-03T20:00:00.000Z', '2026-11-03T02:00:00.000Z', '2025-11-03'],
  ])('%s', (_, start, claimed, day) => {
    expect(slotOfRun(slots, times(start, claimed))).toBe(`${day}T02:00:00.000Z`);
  });

  test('is none without a schedule', () => {
    expect(slotOfRun(undefined, times('2025-11-03T02:00:00.000Z'))).toBeUndefined();
  });
});
