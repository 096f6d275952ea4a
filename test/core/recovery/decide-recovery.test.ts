import { describe, expect, test } from 'vitest';
import { withDecision } from '../../../core/recovery/change-recovery.ts';
import { decideRecovery, type RecoveryHistory } from '../../../core/recovery/decide-recovery.ts';
import { policyOf } from '../../../core/recovery/policy.ts';
import { newRecovery } from '../../../core/recovery/recovery.ts';
import type { ToldRun } from '../../../core/run/told-run.ts';
import { aToldRun, expecting } from '../alert/a-told-run.ts';

const START = '2025-11-03T02:00:00.000Z';
const at = (time: string) => `2025-11-03T${time}.000Z`;
const RETRY = 'restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 3, backoff: 5m }';
const failed = (error_code: string | undefined, more: object = {}, ...others: readonly object[]): ToldRun =>
  aToldRun('a', START, 10, { status: 'FAILED', error: { error_code, message: 'no' }, ...more }, ...others);

function decide(
  told: ToldRun,
  {
    settings = RETRY,
    now = at('02:11:00'),
    ...history
  }: Partial<RecoveryHistory> & { settings?: string; now?: string } = {},
) {
  return decideRecovery(
    told,
    policyOf(expecting(settings)),
    {
      ...{ slot: [told.run], open_runs: 0, failures: 1, failed_incrementals: 0 },
      ...{ recovery: { decisions: [], restarts: [] }, ...history },
    },
    now,
  );
}

describe('a failed run of a pipeline that allows it', () => {
  test('is started again after its pause, as another run of the slot that knows its parent', () => {
    expect(decide(failed('T101'))).toEqual({
      kind: 'restart',
      reason: 'RETRYABLE',
      text: 'T101 (transient): run 2 of 3 after 5 min',
      due_at: at('02:15:00'),
      run: {
        ...{ run_id: 'a-try2', parent_run_id: 'a', root_run_id: 'a', run_attempt: 2, run_mode: 'retry', params: {} },
      },
    });
  });

  test('waits longer each time, spread by its id, and at once when its time has passed', () => {
    const settings =
      'restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 9, backoff: { initial: 1m, factor: 3, max: 5m, jitter: 0.5 } }';
    const told = failed('T101');
    const due = (tries: number) => {
      const decision = decide(told, { settings, slot: Array(tries).fill(told.run) });
      return Date.parse((decision as { due_at: string }).due_at) - Date.parse(at('02:10:00'));
    };
    expect(due(1)).toBeGreaterThan(29_999);
    expect(due(1)).toBeLessThanOrEqual(60_000);
    expect(due(2)).toBeGreaterThanOrEqual(90_000);
    expect(due(4)).toBeLessThanOrEqual(300_000);
    expect(decide(told, { now: at('09:00:00') })).toMatchObject({ due_at: at('09:00:00') });
  });

  test.each([
    ['D201', undefined, 'PERMANENT', 'D201 (data) is not tried again'],
    ['T101', false, 'PERMANENT', 'T101 (transient) is not tried again'],
    ['E3001', undefined, 'PERMANENT', 'E3001 (unknown) is not tried again'],
    [undefined, undefined, 'PERMANENT', 'an error without a code is not tried again'],
  ])('is handed to people at once when no retry mends it: %s, retryable %s', (error_code, retryable, reason, text) => {
    const told = failed(error_code, { error: { error_code, message: 'no', retryable } });
    expect(decide(told)).toEqual({ kind: 'escalate', reason, text });
  });

  test('may name the codes and classes that it tries again, and only those', () => {
    const settings = RETRY.replace('max_attempts', 'on: [D201, resource, unknown], max_attempts');
    for (const code of ['D201', 'R401', 'E3001', undefined])
      expect(decide(failed(code), { settings })).toMatchObject({ kind: 'restart' });
    for (const code of ['T101', 'D202']) expect(decide(failed(code), { settings })).toMatchObject({ kind: 'escalate' });
  });

  test('timed out or lost is tried again only where the file says so', () => {
    const timedOut = aToldRun('a', START, 10, { status: 'TIMED_OUT' });
    const lost = aToldRun('a', START);
    const late = { now: '2025-11-04T03:00:00.000Z' };
    expect(decide(timedOut)).toMatchObject({ reason: 'PERMANENT' });
    expect(decide(lost, late)).toMatchObject({ kind: 'escalate', reason: 'LOST' });
    const settings = RETRY.replace('max_attempts', 'on: [timed_out, lost], max_attempts');
    expect(decide(timedOut, { settings })).toMatchObject({ kind: 'restart' });
    expect(decide(lost, { settings, ...late })).toMatchObject({ kind: 'restart' });
  });

  test('goes on from its failed step, with more of what it ran out of', () => {
    const step = (step_name: string, step_index: number, status: string) => ({
      ...{ event_type: 'STEP_END', step_name, step_index, status, event_time: at('02:09:00') },
    });
    const told = failed('R401', {}, step('extract', 1, 'SUCCESS'), step('join', 2, 'FAILED'));
    const settings = `${RETRY}, resume: from_failed_step, on_resource_error: { workers: { from: 4, max: 10 } }`;
    const first = decide(told, { settings });
    expect(first).toMatchObject({ run: { from_step: 2, params: { workers: '6' } } });
    const again = decide(told, { settings, slot: [told.run, { ...told.run, run_id: 'a0' }] });
    expect(again).toMatchObject({ run: { params: { workers: '9' } } });
  });

  test('becomes a full load after so many failed incremental ones', () => {
    const settings = `${RETRY}, fallback_to_full_after: 2`;
    const told = failed('T101', { run_mode: 'incremental' });
    expect(decide(told, { settings, failed_incrementals: 1 })).toMatchObject({ run: { run_mode: 'incremental' } });
    expect(decide(told, { settings, failed_incrementals: 2 })).toMatchObject({ run: { run_mode: 'full' } });
  });

  test('is not started within quiet hours, but after them', () => {
    const settings = `${RETRY}, quiet_hours: { from: "22:00", until: "06:00", timezone: Europe/Stockholm }`;
    expect(decide(failed('T101'), { settings })).toMatchObject({ due_at: at('05:00:00') });
  });

  test('waits while as many runs are open as may be, and goes on', () => {
    const settings = `${RETRY}, concurrency: 1`;
    const told = failed('T101');
    const waits = decide(told, { settings, open_runs: 1 });
    expect(waits).toMatchObject({ kind: 'wait', reason: 'CONCURRENCY' });
    const recovery = withDecision(
      newRecovery({ environment: 'prod', process_name: 'orders', slot: START }),
      told.run,
      waits as never,
      at('02:11:00'),
    );
    expect(decide(told, { settings, recovery })).toMatchObject({ kind: 'restart' });
  });
});

describe('it is not started, and the reason is said,', () => {
  const told = failed('T101');
  const restarted = withDecision(
    newRecovery({ environment: 'prod', process_name: 'orders', slot: START }),
    told.run,
    decide(told) as never,
    at('02:11:00'),
  );

  test.each([
    ['after a good run of the slot', { slot: [told.run, aToldRun('b', START, 1).run] }, 'SLOT_GOOD'],
    ['while another run of the slot is under way', { slot: [told.run, aToldRun('b', START).run] }, 'OTHER_RUN'],
    [
      'when its attempts are used up',
      { slot: [1, 2, 3].map((run_attempt) => ({ ...told.run, run_attempt })) },
      'EXHAUSTED',
    ],
    ['when too many runs of the pipeline failed', { failures: 10 }, 'BREAKER_OPEN'],
    ['while the pipeline is paused', { settings: `${RETRY}, paused: true` }, 'PAUSED'],
    ['in a dry run', { settings: `${RETRY}, dry_run: true` }, 'DRY_RUN'],
    ['when it appends', { settings: `${RETRY}, idempotent: append` }, 'NOT_IDEMPOTENT'],
    ['when it failed days ago', { now: '2025-11-06T00:00:00.000Z' }, 'TOO_OLD'],
  ])('%s', (_, history, reason) => {
    expect(decide(told, history)).toMatchObject({ reason });
    expect(decide(told, history)?.kind).toMatch(/^(no|escalate)$/);
  });

  test('when it was cancelled, or was a backfill', () => {
    expect(decide(aToldRun('a', START, 10, { status: 'CANCELLED' }))).toMatchObject({ reason: 'CANCELLED' });
    expect(decide(failed('T101', { run_mode: 'backfill' }))).toMatchObject({ reason: 'BACKFILL' });
  });

  test('when it has been decided on', () => {
    expect(decide(told, { recovery: restarted })).toBeUndefined();
  });

  test('and nothing is decided of a good or an open run, of another pipeline, or of what failed before it was allowed', () => {
    expect(decide(aToldRun('a', START, 10))).toBeUndefined();
    expect(decide(aToldRun('a', START))).toBeUndefined();
    expect(decide(told, { settings: 'retry: { max_attempts: 3 }' })).toBeUndefined();
    const policy = { ...policyOf(expecting(RETRY)), allowed_since: at('02:10:01') };
    expect(decideRecovery(told, policy, {} as never, at('02:11:00'))).toBeUndefined();
  });

  test('and a run that appends is started again when it told that it wrote nothing', () => {
    const settings = `${RETRY}, idempotent: append`;
    expect(decide(failed('T101', { records_out: 0 }), { settings })).toMatchObject({ kind: 'restart' });
    expect(decide(failed('T101', { records_out: 5 }), { settings })).toMatchObject({ reason: 'NOT_IDEMPOTENT' });
  });
});
