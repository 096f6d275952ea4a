import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import { WRITER_LEASE_MS } from '../core/table-writers.ts';
import { withCleanup } from './with-cleanup.ts';

/** What a handler knows of its invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/**
 * Does the work while it holds the lease `writer`, then gives the lease back. Resolves to undefined, and does nothing,
 * when another invocation holds it. A lease that could not be given back runs out by itself.
 */
export async function withLease<Result>(
  { lease, clock }: { readonly lease: WriterLease; readonly clock: Clock },
  writer: string,
  { awsRequestId }: Invocation,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const held = await lease.acquire(writer, awsRequestId, epochMsOf(clock.now()), WRITER_LEASE_MS);
  if (held === null) return undefined;
  return withCleanup(work, () => lease.release(writer, awsRequestId, held.fence));
}

/** An invocation takes no new work in its last five minutes of fifteen: a statement may take as long. */
export const isNearlyOver = (invocation: Invocation): boolean => invocation.getRemainingTimeInMillis() < 5 * 60_000;
