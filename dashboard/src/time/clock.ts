/*
 * The ledger's clock: a reader's may be wrong by hours, and would make every run late. Answers say what time it is at the
 * ledger, and the difference is kept.
 */

let aheadMs = 0;

/** Below this the two agree: a `Date` header counts seconds, and answers take time. */
const AGREE_MS = 2_000;

/** Notes what an answer's `Date` header said. */
export function noteDate(header: string | null, localMs = Date.now()): void {
  const ledgerMs = header === null ? Number.NaN : Date.parse(header);
  if (Number.isNaN(ledgerMs)) return;
  const difference = ledgerMs + 500 - localMs;
  aheadMs = Math.abs(difference) < AGREE_MS ? 0 : difference;
}

/** What time it is at the ledger. Milliseconds since 1970. */
export const nowMs = (): number => Date.now() + aheadMs;

/** How far the ledger's clock is ahead of this browser's; 0 where they agree. */
export const clockAheadMs = (): number => aheadMs;
