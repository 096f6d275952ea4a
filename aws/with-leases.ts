import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { epochMsOf } from '../core/instant.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { WriterLease } from '../core/ports/writer-lease.ts';
import { WRITER_LEASE_MS } from '../core/table-writers.ts';

/** How leases are waited for and kept. */
export interface HoldOptions {
  readonly lease: WriterLease;
  readonly clock: Clock;
  /** Resolves after that many milliseconds, or at once when the signal is aborted. */
  readonly pause: (pauseMs: number, signal?: AbortSignal) => Promise<void>;
  /** Called once for each lease that another writer has. */
  readonly onWaiting: (name: string) => void;
  /** Called when one was lost on the way: another writer may be at work. */
  readonly onLost: (name: string) => void;
  readonly signal: AbortSignal;
}

const RENEW_MS = 4 * 60_000;
const TRY_AGAIN_MS = 5_000;
/** A stage works for 15 minutes at most. */
const MAX_TRIES = 240;

/** Does the work as the only writer of these tables. Waits up to twenty minutes for each of the others, then throws. */
export async function withLeases<T>(
  names: readonly string[],
  options: HoldOptions,
  work: () => Promise<T>,
): Promise<T> {
  const holder = `rebuild on ${hostname()} ${randomUUID().slice(0, 8)}`;
  const { lease, clock } = options;
  const held = new Map<string, number>();
  const renewing = setInterval(async () => {
    for (const [name, fence] of held) {
      const isOurs = await lease.renew(name, holder, fence, epochMsOf(clock.now()), WRITER_LEASE_MS).catch(() => true);
      if (!isOurs) options.onLost(name);
    }
  }, RENEW_MS);
  try {
    for (const name of names) held.set(name, await acquire(name, holder, options));
    return await work();
  } finally {
    clearInterval(renewing);
    for (const [name, fence] of held) await lease.release(name, holder, fence);
  }
}

async function acquire(name: string, holder: string, options: HoldOptions): Promise<number> {
  const { lease, clock, pause, onWaiting, signal } = options;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const got = await lease.acquire(name, holder, epochMsOf(clock.now()), WRITER_LEASE_MS);
    if (got !== null) return got.fence;
    if (tries === 0) onWaiting(name);
    await pause(TRY_AGAIN_MS, signal);
    signal.throwIfAborted();
  }
  throw new Error(
    `${name} has been written by somebody else for twenty minutes; \`doctor\` says by whom. Nothing was changed: try again later`,
  );
}
