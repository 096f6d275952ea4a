import { describe, expect, test } from 'vitest';
import type { Alert } from '../../../core/alert/alert.ts';
import { type Notice, noticeOf } from '../../../core/alert/notice.ts';

const failed: Alert = {
  kind: 'failed',
  environment: 'prod',
  process_name: 'customer_daily',
  run_id: 'run-1',
  run_attempt: 2,
  status: 'FAILED',
  occurred_at: '2025-11-03T12:05:00.000Z',
  start_time: '2025-11-03T12:00:00.000Z',
  expected_max_duration_ms: 5_400_000,
  error_code: 'T101',
  error_message: 'no answer',
  error_step: 'extract',
  owner: 'data',
  cluster_id: 'c-1',
};
const unknown: Alert = {
  ...failed,
  start_time: null,
  expected_max_duration_ms: null,
  error_code: null,
  error_message: null,
  error_step: null,
  owner: null,
  cluster_id: null,
};
const late: Alert = { ...unknown, kind: 'late', status: 'RUNNING', expected_max_duration_ms: 5_400_000 };

const noticeFor = (alert: Alert): Notice => noticeOf(alert, 'runledger --aws');

describe('a notice of a failed run', () => {
  test('says what happened, what to do, and what to type first', () => {
    expect(noticeFor(failed)).toEqual({
      kind: 'failed',
      severity: 'P2',
      environment: 'prod',
      process_name: 'customer_daily',
      run_id: 'run-1',
      thread: 'prod/customer_daily/run-1',
      title: 'customer_daily failed: T101',
      lines: ['no answer', expect.stringContaining('Retry with backoff')],
      next_steps: ['runledger --aws show run-1'],
      facts: {
        status: 'FAILED',
        attempt: '2',
        step: 'extract',
        'error code': 'T101',
        started: '2025-11-03T12:00:00.000Z',
        ended: '2025-11-03T12:05:00.000Z',
        'took until then': '5 min',
        owner: 'data',
        cluster: 'c-1',
      },
    });
  });

  test('leaves out what nobody told', () => {
    expect(noticeFor(unknown)).toMatchObject({ title: 'customer_daily failed', severity: 'P2', lines: [] });
    expect(noticeFor(unknown).facts).toEqual({ status: 'FAILED', attempt: '2', ended: '2025-11-03T12:05:00.000Z' });
  });

  test.each([
    ['FAILED', 'customer_daily failed'],
    ['TIMED_OUT', 'customer_daily timed out'],
    ['LOST', 'customer_daily fell silent'],
    ['PURPLE', 'customer_daily failed'],
  ])('%s reads: %s', (status, title) => {
    expect(noticeFor({ ...unknown, status }).title).toBe(title);
  });

  test.each([
    ['D201', 'P1'],
    ['C301', 'P1'],
    ['R401', 'P2'],
    ['U900', 'P2'],
    ['E3001', 'P2'],
  ])('of %s is %s: what no retry can help is urgent', (error_code, severity) => {
    expect(noticeFor({ ...failed, error_code }).severity).toBe(severity);
  });

  test('never took less than no time', () => {
    expect(noticeFor({ ...failed, start_time: '2025-11-03T12:06:00.000Z' }).facts['took until then']).toBe('0 ms');
  });
});

describe('a notice of a late run', () => {
  test('says how long the run may take, and since when it is late; it is never urgent', () => {
    expect(noticeFor(late)).toMatchObject({
      severity: 'P3',
      title: 'customer_daily runs longer than 1 h 30 min',
      lines: [],
    });
    expect(noticeFor(late).facts).toMatchObject({ 'over its SLA since': '2025-11-03T12:05:00.000Z' });
    expect(noticeFor({ ...late, error_code: 'D201' }).severity).toBe('P3');
  });
});

test.each([
  ['run_1.2:3@x/y-z', 'run_1.2:3@x/y-z'],
  ['a b', "'a b'"],
  ["it's $(rm)", `'it'\\''s $(rm)'`],
  [';reboot', "';reboot'"],
  ['a\nb', "'a\nb'"],
  ['a;', "'a;'"],
  ['', "''"],
])('the id %j is typed as %s, so that no shell reads it as more', (run_id, typed) => {
  expect(noticeFor({ ...failed, run_id }).next_steps).toEqual([`runledger --aws show ${typed}`]);
});
