import type { RecoveryFilter } from '../../core/ports/recovery-store.ts';
import type { Decision, Recovery } from '../../core/recovery/recovery.ts';
import type { OpenedLedger } from '../opened-ledger.ts';

const MAX_RECOVERIES = 100;

/** The decisions about a pipeline that are meant, by its latest slots. */
export async function decisionsOn(
  { recovery }: OpenedLedger,
  { environment, process_name }: Pick<RecoveryFilter, 'environment' | 'process_name'>,
  isMeant: (decision: Decision, recovery: Recovery) => boolean,
): Promise<readonly Decision[]> {
  const found = await recovery.list({ environment, process_name, limit: MAX_RECOVERIES });
  return found.flatMap((each) => each.decisions.filter((decision) => isMeant(decision, each)));
}
