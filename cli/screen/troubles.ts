import { ForbiddenError } from '../../ledger/errors.ts';
import type { OpenedLedger } from '../opened-ledger.ts';
import { plain } from './format.ts';
import type { Screen } from './screen.ts';

/**
 * Says what keeps the ledger from its work, so that nobody takes what is missing for what did not happen. Who may not know,
 * as the holder of a token that is limited, is told nothing.
 */
export async function sayTroubles(ledger: OpenedLedger, err: Screen): Promise<void> {
  const summary = await ledger.summary?.().catch((error: unknown) => {
    if (error instanceof ForbiddenError) return undefined;
    throw error;
  });
  const { troubles = [] } = summary ?? {};
  for (const { part, cause } of troubles) {
    err.line(err.paint('yellow', plain(`${part}: ${cause}; the newest events may be missing here, none is lost`)));
  }
}
