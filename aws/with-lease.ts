import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import { StatementAtLargeError } from '../core/ports/query-engine.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import { LONGEST_STATEMENT_MS, WRITER_LEASE_MS } from '../core/table-writers.ts';
import { withCleanup } from './with-cleanup.ts';

/** What a handler knows of its invocation. */
export interface Invocation {
  readonly awsRequestId: string;
  getRemainingTimeInMillis(): number;
}

/** What leases are held with. */
export interface LeasePorts {
  readonly lease: WriterLease;
  readonly clock: Clock;
}

/**
 * Does the work while it holds the lease `writer`, then gives the lease back. Resolves to undefined, and does nothing,
 * when another invocation holds it. A lease that could not be given back runs out by itself. While a statement of the
 * work may still be running, the lease is kept until the engine ends it.
 */
export async function withLease<Result>(
  { lease, clock }: LeasePorts,
  writer: string,
  { awsRequestId }: Invocation,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  const held = await lease.acquire(writer, awsRequestId, epochMsOf(clock.now()), WRITER_LEASE_MS);
  if (held === null) return undefined;
  let isAtLarge = false;
  const watched = () =>
    work().catch((error: unknown) => {
      isAtLarge = error instanceof StatementAtLargeError;
      throw error;
    });
  return withCleanup(watched, () =>
    isAtLarge
      ? lease.renew(writer, awsRequestId, held.fence, epochMsOf(clock.now()), LONGEST_STATEMENT_MS)
      : lease.release(writer, awsRequestId, held.fence),
  );
}

/** An invocation takes no new work in its last five minutes of fifteen: a statement often takes as long. */
export const isNearlyOver = (invocation: Invocation): boolean => invocation.getRemainingTimeInMillis() < 5 * 60_000;

/** What an invocation needs once its last statement has ended or was cancelled: to mark, publish and report. */
const LAST_MS = 30_000;

/** How long the statements of an invocation may run, in milliseconds: Lambda ends the function, and no statement. */
export const leftForStatementsMs = (invocation: Pick<Invocation, 'getRemainingTimeInMillis'>): number =>
  invocation.getRemainingTimeInMillis() - LAST_MS;
