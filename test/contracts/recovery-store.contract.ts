import { describe, expect } from 'vitest';
import type { RecoveryStore } from '../../core/ports/recovery-store.ts';
import { type DecidedRun, decided, newRecovery, type Recovery, type Restart } from '../../core/recovery/recovery.ts';
import { contractTests, type Gap } from './gap.ts';

const at = (minute: number) => `2025-11-03T12:${String(minute).padStart(2, '0')}:00.000Z`;
const aKey = (slot = '2025-11-03T02:00:00.000Z', process_name = 'orders') => ({
  environment: 'prod',
  process_name,
  slot,
});
const about: DecidedRun = { run_id: 'a', run_attempt: 1 };
const aRestart = (run_id: string, due_at: string): Restart => ({
  ...{ run_id, root_run_id: 'a', parent_run_id: 'a', of_run_id: 'a', run_attempt: 2, run_mode: 'retry', params: {} },
  ...{ state: 'planned', due_at, decided_at: at(0) },
});
const withRestart = (recovery: Recovery, restart: Restart): Recovery =>
  decided(
    { ...recovery, restarts: [...recovery.restarts, restart] },
    {
      ...about,
      at: restart.decided_at,
      kind: 'restart',
      reason: 'RETRYABLE',
      text: 'T101',
      new_run_id: restart.run_id,
    },
  );

/** What every store of recoveries keeps. */
export function recoveryStoreContract(
  name: string,
  make: () => Promise<RecoveryStore>,
  gaps: readonly Gap[] = [],
): void {
  describe(`recovery store: ${name}`, () => {
    const { contractTest: test, checkGaps } = contractTests(gaps);
    const plan = (store: RecoveryStore, slot: string, run_id: string, due_at: string) =>
      store.changeRecovery(aKey(slot), (stored) =>
        withRestart(stored ?? newRecovery(aKey(slot)), aRestart(run_id, due_at)),
      );

    test('of two deciders at once, the second sees what the first decided', async () => {
      const store = await make();
      const seen: number[] = [];
      const decide = () =>
        store.changeRecovery(aKey(), (stored) => {
          seen.push(stored?.restarts.length ?? 0);
          return stored === undefined ? withRestart(newRecovery(aKey()), aRestart('a-try2', at(1))) : stored;
        });
      const both = await Promise.all([decide(), decide()]);
      expect(both.map((each) => each?.restarts.length)).toEqual([1, 1]);
      expect(seen.at(-1)).toBe(1);
    });

    test('a change that returns nothing, or what it was given, writes nothing', async () => {
      const store = await make();
      expect(await store.changeRecovery(aKey(), () => undefined)).toBeUndefined();
      expect(await store.listRecoveries({ limit: 10 })).toEqual([]);
    });

    test('what is due comes the longest due first, until it is changed', async () => {
      const store = await make();
      await plan(store, 'late', 'b-try2', at(9));
      await plan(store, 'early', 'c-try2', at(3));
      await plan(store, 'coming', 'd-try2', at(30));
      expect(await store.nextDue()).toBe(at(3));
      const due = await store.dueRecoveries(at(10), 10);
      expect(due.map(({ slot }) => slot)).toEqual(['early', 'late']);
      expect(await store.dueRecoveries(at(10), 1)).toHaveLength(1);
      for (const each of due) await store.changeRecovery(each, (stored) => stored && { ...stored, restarts: [] });
      expect(await store.dueRecoveries(at(10), 10)).toEqual([]);
      expect(await store.nextDue()).toBe(at(30));
    });

    test('the recovery that started a run is found by that run, in its own pipeline alone', async () => {
      const store = await make();
      await plan(store, 'early', 'c-try2', at(3));
      const pipeline = { environment: 'prod', process_name: 'orders' };
      expect(await store.recoveryOfRun(pipeline, 'c-try2')).toMatchObject({ slot: 'early' });
      expect(await store.recoveryOfRun(pipeline, 'c')).toBeUndefined();
      expect(await store.recoveryOfRun({ ...pipeline, process_name: 'other' }, 'c-try2')).toBeUndefined();
    });

    test('decisions wait to be told until they are', async () => {
      const store = await make();
      await plan(store, 'early', 'c-try2', at(3));
      expect(await store.untoldRecoveries(10)).toHaveLength(1);
      await store.changeRecovery(aKey('early'), (stored) => stored && { ...stored, told: stored.changes });
      expect(await store.untoldRecoveries(10)).toEqual([]);
    });

    test('lists hold what was asked for, the latest decision first', async () => {
      const store = await make();
      for (const [minute, slot, process_name] of [
        [1, 'x', 'orders'],
        [2, 'y', 'orders'],
        [3, 'z', 'other'],
      ] as const)
        await store.changeRecovery(aKey(slot, process_name), () =>
          decided(newRecovery(aKey(slot, process_name)), {
            ...about,
            at: at(minute),
            kind: 'no',
            reason: 'PAUSED',
            text: '',
          }),
        );
      const slots = async (filter: object) =>
        (await store.listRecoveries({ limit: 10, ...filter })).map(({ slot }) => slot);
      expect(await slots({})).toEqual(['z', 'y', 'x']);
      expect(await slots({ environment: 'prod', process_name: 'orders' })).toEqual(['y', 'x']);
      expect(await slots({ slot: 'x' })).toEqual(['x']);
      expect(await slots({ limit: 1 })).toEqual(['z']);
      expect(await slots({ environment: 'test' })).toEqual([]);
    });
    checkGaps();
  });
}
