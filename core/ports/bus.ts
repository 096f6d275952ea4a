import type { LedgerEvent } from '../alert/ledger-event.ts';

/** Where stages say what they have done. */
export interface Bus {
  /** Throws when one could not be said; those before it may have been. */
  publish(events: readonly LedgerEvent[]): Promise<void>;
}
