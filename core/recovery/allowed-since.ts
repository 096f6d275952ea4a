import type { Instant } from '../instant.ts';
import type { Expectations } from '../pipelines/expectations.ts';

/** Notes since when each pipeline lets the ledger start its runs again: as the file before had it, else from now on. */
export function withAllowedSince(next: Expectations, before: Expectations | undefined, now: Instant): Expectations {
  const known = new Map(before?.pipelines.map((each) => [each.pattern, each.allowed_since]));
  return {
    ...next,
    pipelines: next.pipelines.map((each) =>
      each.retry?.by === 'ledger' ? { ...each, allowed_since: known.get(each.pattern) ?? now } : each,
    ),
  };
}
