import type { LedgerRecovery } from '../../ledger/recovery.ts';
import { EXIT, Stop } from '../exit-code.ts';
import type { OpenedLedger } from '../opened-ledger.ts';

/** What starts runs and knows watermarks. Throws where the ledger does neither. */
export function recoveryOf({ recovery, where }: OpenedLedger): LedgerRecovery {
  if (recovery !== undefined) return recovery;
  throw new Stop(
    EXIT.failure,
    `expected a ledger of a folder, or one that is served, but got ${where}: a deployed ledger starts nothing yet`,
  );
}

/** `name=value` texts as a record; the last of one name holds. */
export function paramsOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new Stop(EXIT.usage, `expected --param as name=value, but got ${text}`);
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
