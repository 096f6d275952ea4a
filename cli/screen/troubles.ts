import type { OpenedLedger } from '../opened-ledger.ts';
import { plain } from './format.ts';
import type { Screen } from './screen.ts';

/** Says what keeps the ledger from its work, so that nobody takes what is missing for what did not happen. */
export async function sayTroubles(ledger: OpenedLedger, err: Screen): Promise<void> {
  const { troubles = [] } = (await ledger.summary?.()) ?? {};
  for (const { part, cause } of troubles) {
    err.line(err.paint('yellow', plain(`${part}: ${cause}; the newest events may be missing here, none is lost`)));
  }
}
