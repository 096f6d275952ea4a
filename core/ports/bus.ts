import type { LedgerEvent } from '../alert/ledger-event.ts';

/** Where stages publish what they have done, for other stages and for the user's own systems to subscribe to. */
export interface Bus {
  /**
   * Resolves once the bus has taken every event; subscribers may receive them in any order, and each more than once.
   * Throws when one was not taken: any number of the others may have been, so publish all of them again. Publishing
   * none is fine and does nothing.
   */
  publish(events: readonly LedgerEvent[]): Promise<void>;
}
