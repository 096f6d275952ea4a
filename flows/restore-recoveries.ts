import * as z from 'zod';
import { FOLDERS } from '../core/object-keys.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { RecoveryStore } from '../core/ports/recovery-store.ts';
import { type Recovery, recoveryText } from '../core/recovery/recovery.ts';

const lineSchema = z.object({
  recovery: z.custom<Recovery>(
    (value) =>
      typeof value === 'object' && value !== null && 'slot' in value && 'decisions' in value && 'restarts' in value,
  ),
});

/**
 * Builds a lost store of recoveries again from their log, so that nothing is started a second time. A start that was planned
 * may have been carried out since it was logged: it is unclear now, and left to people. What the store knows is left alone.
 * Returns how many came back.
 */
export async function restoreRecoveries(
  store: Pick<ObjectStore, 'list' | 'get'>,
  recoveries: Pick<RecoveryStore, 'changeRecovery'>,
): Promise<number> {
  const latest = new Map<string, Recovery>();
  for await (const { key, size_bytes } of store.list(`${FOLDERS.recovery}/`)) {
    if (size_bytes === 0 || key.includes('/watermark-')) continue;
    for (const text of new TextDecoder().decode(await store.get(key)).split('\n')) {
      const recovery = recoveryIn(text);
      if (recovery === undefined) continue;
      const known = latest.get(recoveryText(recovery));
      if (known === undefined || known.changes < recovery.changes) latest.set(recoveryText(recovery), recovery);
    }
  }
  for (const recovery of latest.values())
    await recoveries.changeRecovery(recovery, (stored) => stored ?? withoutPlans(recovery));
  return latest.size;
}

const withoutPlans = ({ waiting: _, ...recovery }: Recovery): Recovery => ({
  ...recovery,
  told: recovery.changes,
  restarts: recovery.restarts.map((each) =>
    each.state === 'planned' || each.state === 'claimed' ? { ...each, state: 'unclear' } : each,
  ),
});

function recoveryIn(text: string): Recovery | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data?.recovery;
  } catch {
    return undefined;
  }
}
