import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { RecoveryStore } from '../../core/ports/recovery-store.ts';
import type { Recovery, RecoveryKey } from '../../core/recovery/recovery.ts';
import { accessOf, ask, type TableAccess, type TableSettings } from './access.ts';
import { changeItem } from './change-item.ts';
import { keyText, readItems } from './items.ts';
import { dueRecoveries, listRecoveries, nextDue, readRecoveries, untoldRecoveries } from './list-recoveries.ts';
import {
  type RecoveryItem,
  recoveryIn,
  recoveryItem,
  recoveryKey,
  type StartedRunItem,
  startedRunItem,
  startedRunKey,
} from './recovery-item.ts';

/**
 * Recoveries as items of the live table, each under a key of its own, changed by conditional writes only; beside them, which
 * recovery has started a run. DynamoDB deletes them 400 days after the last decision. Clearing the live store leaves them.
 * Refusals of the table are thrown with what to do.
 */
export function openRecoveryStore(settings: TableSettings): RecoveryStore {
  const access = accessOf(settings);
  return {
    async changeRecovery(key, change) {
      let now: Recovery | undefined;
      await changeItem<RecoveryItem>(access, recoveryKey(key), async (item) => {
        const stored = item && recoveryIn(item);
        now = change(stored) ?? stored;
        if (now === undefined || now === stored) return undefined;
        // Before the recovery: when this dies between the two, the same run is decided on again.
        await writeStartedRuns(access, now, stored);
        return recoveryItem(now);
      });
      return now;
    },

    async recoveryOfRun(pipeline, run_id) {
      const key = startedRunKey(pipeline, run_id);
      const found = (await readItems<StartedRunItem>(access, [key])).get(keyText(key));
      const recovery = found && (await readOne(access, found.recovery_of));
      // A decider that was not the first may have named it.
      return recovery?.restarts.some((each) => each.run_id === run_id) ? recovery : undefined;
    },

    dueRecoveries: (now, limit) => dueRecoveries(access, now, limit),
    nextDue: () => nextDue(access),
    untoldRecoveries: (limit) => untoldRecoveries(access, limit),

    async listRecoveries({ environment, process_name, slot, limit }) {
      // One slot is read as it is now, whatever the indexes know.
      if (environment !== undefined && process_name !== undefined && slot !== undefined) {
        const one = limit > 0 ? await readOne(access, { environment, process_name, slot }) : undefined;
        return one === undefined ? [] : [one];
      }
      return listRecoveries(access, { environment, process_name, slot, limit });
    },
  };
}

const readOne = async (access: TableAccess, key: RecoveryKey): Promise<Recovery | undefined> =>
  (await readRecoveries(access, [recoveryKey(key)]))[0];

async function writeStartedRuns(access: TableAccess, next: Recovery, before: Recovery | undefined): Promise<void> {
  const known = new Set(before?.restarts.map(({ run_id }) => run_id));
  for (const { run_id } of next.restarts) {
    if (known.has(run_id)) continue;
    const request = new PutCommand({ TableName: access.table, Item: startedRunItem(next, run_id) });
    await ask(access, () => access.client.send(request));
  }
}
