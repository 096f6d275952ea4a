import type { LedgerEvent } from '../../core/alert/ledger-event.ts';
import type { Bus } from '../../core/ports/bus.ts';

/** A bus that remembers; while `isDown` it takes nothing. */
export function aBus(): Bus & { readonly published: LedgerEvent[]; isDown: boolean } {
  const published: LedgerEvent[] = [];
  return {
    published,
    isDown: false,
    async publish(events) {
      if (this.isDown) throw new Error('the bus is away');
      published.push(...events);
    },
  };
}
