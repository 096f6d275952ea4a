import { describe, expect, test } from 'vitest';
import { recoveryIn, recoveryItem, recoveryKey, startedRunKey } from '../../../adapters/dynamodb/recovery-item.ts';
import { decided, newRecovery, type Recovery, type Restart } from '../../../core/recovery/recovery.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const KEY = { environment: 'prod', process_name: 'orders', slot: 'run a' };
const aDecision = { at: NOW, kind: 'no', reason: 'PAUSED', text: 'paused', run_id: 'a', run_attempt: 1 } as const;
const planned: Restart = {
  ...{ run_id: 'a-try2', root_run_id: 'a', of_run_id: 'a', run_attempt: 2, run_mode: 'retry', params: {} },
  ...{ state: 'planned', due_at: '2025-11-03T12:05:00.000Z', decided_at: NOW },
};
const told = (recovery: Recovery): Recovery => ({ ...recovery, told: recovery.changes });

describe('a recovery in the table', () => {
  test('waits in one partition of the index until it is told, in another until it is due, then in none', () => {
    const waiting = ({ open, next_check_at }: ReturnType<typeof recoveryItem>) => [open, next_check_at];
    const recovery = decided({ ...newRecovery(KEY), restarts: [planned] }, aDecision);
    expect(waiting(recoveryItem(recovery))).toEqual(['recovery untold', planned.due_at]);
    expect(waiting(recoveryItem(told(recovery)))).toEqual(['recovery', planned.due_at]);
    expect(waiting(recoveryItem(told({ ...recovery, restarts: [] })))).toEqual([undefined, undefined]);
    expect(waiting(recoveryItem(decided(newRecovery(KEY), aDecision)))).toEqual([
      'recovery untold',
      '9999-12-31T23:59:59.999Z',
    ]);
  });

  test('expires 400 days after its last decision, or after what is to come', () => {
    const recovery = decided(newRecovery(KEY), aDecision);
    expect(recoveryItem(recovery).expires_at).toBe(Date.parse('2026-12-08T12:00:00.000Z') / 1000);
    const later = { ...recovery, restarts: [{ ...planned, due_at: '2025-11-04T12:00:00.000Z' }] };
    expect(recoveryItem(later).expires_at).toBe(Date.parse('2026-12-09T12:00:00.000Z') / 1000);
  });

  test('fits an item with as many decisions as are kept, each as long as it may be', () => {
    let recovery = newRecovery(KEY);
    for (let count = 0; count < 250; count++)
      recovery = decided(recovery, { ...aDecision, run_id: `${count}-${'é'.repeat(500)}`, text: '界'.repeat(1000) });
    const item = recoveryItem(recovery);
    expect(item.recovery.length).toBeLessThan(390 * 1024);
    expect(recoveryIn(item)).toEqual(recovery);
  });

  test('has a key that DynamoDB takes, however long its names are, and none that a started run has', () => {
    const keyOf = (name: string) => recoveryKey({ environment: name, process_name: name, slot: name }).pk;
    const [one, other] = ['\u0001', '\u0002'].map((letter) => keyOf(letter.repeat(256)));
    expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(2048);
    expect(one).not.toBe(other);
    expect(startedRunKey(KEY, KEY.slot)).not.toEqual(recoveryKey(KEY));
  });
});
