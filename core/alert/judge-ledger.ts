import { counted, durationShown } from '../format.ts';
import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import type { Condition, Severity } from './condition.ts';

/** How the ledger itself is. What is not measured is left out. */
export interface LedgerHealth {
  /** What keeps a part from its work. */
  readonly troubles?: readonly { readonly part: string; readonly cause: string; readonly since: Instant }[] | undefined;
  /** Lines of the last hour. */
  readonly arrivals?: { readonly accepted: number; readonly rejected: number } | undefined;
  /** For how long what has waited longest has waited to be taken into the tables, and to be summarized. */
  readonly lag?: { readonly compaction_lag_seconds: number; readonly summary_lag_seconds: number } | undefined;
  /** Notices that have yet to arrive: how many, and since when the oldest waits. */
  readonly unsent?:
    | { readonly notices: number; readonly since: Instant; readonly why?: string | undefined }
    | undefined;
}

/** The name under which the ledger tells of itself. */
export const LEDGER_NAME = 'runledger';

/** A part that works again within this time is nobody's business. */
const PATIENCE_MS = 300_000;
/** The tables may be behind for as long as a large backlog takes; a lane that stands still is behind for longer. */
const MAX_LAG_MS = 7_200_000;
/** A burst of rejections is many lines, and many of those that came. */
const MANY_REJECTED = 100;
const MANY_REJECTED_SHARE = 0.1;

/** What is wrong with the ledger at a moment, one condition for each cause. */
export function judgeLedger(health: LedgerHealth, now: Instant): ReadonlyMap<string, Condition> {
  const found = new Map<string, Condition>();
  const say = (cause: string, severity: Severity, occurred_at: Instant, text: string) => {
    if (!found.has(cause)) found.set(cause, { reason: 'LEDGER', severity, occurred_at, text });
  };
  const isLasting = (since: Instant) => epochMsOf(now) - epochMsOf(since) > PATIENCE_MS;
  const { unsent, arrivals, lag } = health;

  if (unsent !== undefined && unsent.notices > 0 && isLasting(unsent.since)) {
    const why = unsent.why === undefined ? '' : `: ${unsent.why}`;
    say('alerts', 'P2', unsent.since, `cannot deliver ${counted(unsent.notices, 'notice')}${why}`);
  }
  for (const { part, cause, since } of health.troubles ?? []) {
    if (isLasting(since)) say(part, /^ingest/.test(part) ? 'P1' : 'P2', since, `has trouble with ${part}: ${cause}`);
  }
  for (const [cause, seconds, what] of [
    ['tables', lag?.compaction_lag_seconds, 'take events into the tables'],
    ['summaries', lag?.summary_lag_seconds, 'summarize runs'],
  ] as const) {
    const ms = (seconds ?? 0) * 1000;
    if (ms > MAX_LAG_MS)
      say(cause, 'P2', instantOf(epochMsOf(now) - ms), `has not come to ${what} for ${durationShown(ms)}`);
  }
  if (arrivals !== undefined) {
    const { accepted, rejected } = arrivals;
    const share = rejected / Math.max(1, accepted + rejected);
    if (rejected >= MANY_REJECTED && share >= MANY_REJECTED_SHARE)
      say(
        'rejections',
        'P2',
        now,
        `rejected ${rejected} of the ${accepted + rejected} lines of the last hour; \`runledger rejections\` says why`,
      );
  }
  return found;
}
