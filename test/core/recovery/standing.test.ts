import { expect, test } from 'vitest';
import { judgeSlot } from '../../../core/alert/judge-slot.ts';
import { withDecision, withHeard, withOutcome } from '../../../core/recovery/change-recovery.ts';
import { decideRecovery } from '../../../core/recovery/decide-recovery.ts';
import { policyOf } from '../../../core/recovery/policy.ts';
import { newRecovery, type Recovery, restartChanged } from '../../../core/recovery/recovery.ts';
import { standingsOf } from '../../../core/recovery/standing.ts';
import { aToldRun, expecting } from '../alert/a-told-run.ts';

const START = '2025-11-03T02:00:00.000Z';
const NOW = '2025-11-03T02:11:00.000Z';
const RETRY =
  'restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 2, backoff: 5m }, severity: high';
const failed = (run_id: string, error_code: string, more: object = {}) =>
  aToldRun(run_id, START, 10, { status: 'FAILED', error: { error_code, message: 'no' }, ...more });
const judge = (told: ReturnType<typeof failed>, recovery: Recovery) =>
  judgeSlot(expecting(RETRY), undefined, [told], { now: NOW, standings: standingsOf([recovery]) });

function decidedOn(told: ReturnType<typeof failed>, slot = [told.run]): Recovery {
  const recovery = newRecovery({ environment: 'prod', process_name: 'orders', slot: 'run a' });
  const history = { slot, open_runs: 0, failures: 1, failed_incrementals: 0, recovery };
  const decision = decideRecovery(told, policyOf(expecting(RETRY)), history, NOW);
  return decision === undefined ? recovery : withDecision(recovery, told.run, decision, NOW);
}

test('nobody is told of a failure while another run is to come, or has come', () => {
  const told = failed('a', 'T101');
  const planned = decidedOn(told);
  expect(judge(told, planned)).toMatchObject({ conditions: [], isGood: false, next_check: expect.any(String) });
  const restart = planned.restarts[0] as Recovery['restarts'][0];
  const started = withOutcome(planned, restart, { state: 'started', detail: '' }, NOW);
  expect(judge(told, started)).toMatchObject({ conditions: [] });
  const heard = withHeard(started, () => true, NOW);
  expect(judge(told, heard)).toMatchObject({ conditions: [] });
});

test('exhausted is P2, and says how often it was tried', () => {
  const told = failed('a-try2', 'T101', { run_attempt: 2 });
  expect(judge(told, decidedOn(told, [failed('a', 'T101').run, told.run]))).toMatchObject({
    conditions: [{ reason: 'RETRIES_EXHAUSTED', severity: 'P2', text: 'failed: T101, after 2 of 2 tries' }],
  });
});

test('what no run mends is told at once, with why', () => {
  const told = failed('a', 'D201');
  expect(judge(told, decidedOn(told))).toMatchObject({
    conditions: [{ reason: 'FAILED', severity: 'P1', text: /^failed: D201, and was not started again: D201 \(data\)/ }],
  });
});

test('a start that its target refused is told at once', () => {
  const told = failed('a', 'T101');
  const planned = decidedOn(told);
  const refused = withOutcome(planned, planned.restarts[0] as never, { state: 'not_started', why: 'got ENOENT' }, NOW);
  expect(judge(told, refused)).toMatchObject({
    conditions: [{ reason: 'FAILED', severity: 'P2', text: 'failed: T101, and was not started again: got ENOENT' }],
  });
});

test('without a decision it is waited for the longest pause, and no longer', () => {
  const told = failed('a', 'T101');
  const none = newRecovery({ environment: 'prod', process_name: 'orders', slot: 'run a' });
  expect(judge(told, none)).toMatchObject({ conditions: [] });
  const late = judgeSlot(expecting(RETRY), undefined, [told], {
    now: '2025-11-03T02:20:00.000Z',
    standings: standingsOf([none]),
  });
  expect(late).toMatchObject({ conditions: [{ reason: 'FAILED', text: /no retry came within 5 min/ }] });
});

test('a run that is to follow a lost one keeps its silence from people', () => {
  const lost = aToldRun('a', START);
  const now = '2025-11-04T03:00:00.000Z';
  const judged = (recovery: Recovery) =>
    judgeSlot(expecting(RETRY), undefined, [lost], { now, standings: standingsOf([recovery]) }).conditions;
  const none = newRecovery({ environment: 'prod', process_name: 'orders', slot: 'run a' });
  expect(judged(none)).toMatchObject([{ reason: 'STALLED' }]);
  const run = { run_id: 'a-try2', root_run_id: 'a', run_attempt: 2, run_mode: 'retry', params: {} };
  const coming = withDecision(
    none,
    lost.run,
    { kind: 'restart', reason: 'RETRYABLE', text: '', due_at: now, run },
    now,
  );
  expect(judged(coming)).toEqual([]);
  expect(judged(restartChanged(coming, 'a-try2', { state: 'heard' }))).toEqual([]);
});
