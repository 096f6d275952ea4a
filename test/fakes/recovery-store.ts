import type { RecoveryStore } from '../../core/ports/recovery-store.ts';
import { type Recovery, recoveryDueAt, recoveryText, untold } from '../../core/recovery/recovery.ts';

/** A recovery store in memory. */
export function fakeRecoveryStore(): RecoveryStore {
  const byKey = new Map<string, Recovery>();
  const all = () => [...byKey.values()];
  const lastAt = (each: Recovery) => each.decisions.at(-1)?.at ?? '';
  const dueFirst = () =>
    all()
      .flatMap((each) => {
        const due = recoveryDueAt(each);
        return due === undefined ? [] : [{ each, due }];
      })
      .sort((a, b) => (a.due < b.due ? -1 : 1));
  return {
    async changeRecovery(key, change) {
      const stored = byKey.get(recoveryText(key));
      const next = change(stored) ?? stored;
      if (next !== undefined) byKey.set(recoveryText(key), next);
      return next;
    },
    recoveryOfRun: async ({ environment, process_name }, run_id) =>
      all().find(
        (each) =>
          each.environment === environment &&
          each.process_name === process_name &&
          each.restarts.some((restart) => restart.run_id === run_id),
      ),
    dueRecoveries: async (now, limit) =>
      dueFirst()
        .filter(({ due }) => due <= now)
        .slice(0, limit)
        .map(({ each }) => each),
    nextDue: async () => dueFirst()[0]?.due,
    untoldRecoveries: async (limit) =>
      all()
        .filter((each) => untold(each).length > 0)
        .slice(0, limit),
    listRecoveries: async ({ environment, process_name, slot, limit }) =>
      all()
        .filter((each) => environment === undefined || each.environment === environment)
        .filter((each) => process_name === undefined || each.process_name === process_name)
        .filter((each) => slot === undefined || each.slot === slot)
        .sort((a, b) => (lastAt(a) < lastAt(b) ? 1 : -1))
        .slice(0, limit),
  };
}
