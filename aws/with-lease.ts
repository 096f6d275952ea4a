import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';

/** What a handler knows of its invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** Longer than any invocation: who is killed in the middle keeps the others out no longer than this. */
const LEASE_MS = 16 * 60_000;

/** Does the work while nobody else writes the table; undefined, and nothing done, when somebody does. */
export async function withLease<Result>(
  { lease, clock }: { readonly lease: WriterLease; readonly clock: Clock },
  table: string,
  { awsRequestId }: Invocation,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const held = await lease.acquire(table, awsRequestId, epochMsOf(clock.now()), LEASE_MS);
  if (held === null) return undefined;
  try {
    return await work();
  } finally {
    await lease.release(table, awsRequestId, held.fence);
  }
}

/** A tick takes no new work in its last five minutes of fifteen: a statement may take as long. */
export const isNearlyOver = (invocation: Invocation): boolean => invocation.getRemainingTimeInMillis() < 5 * 60_000;
