import type { WriterLease } from '../../core/ports/writer-lease.ts';

export interface FakeLease extends WriterLease {
  /** Gives a lease to a holder, for ever unless said otherwise. */
  hold(name: string, holder: string, untilMs?: number): void;
  /** Who has not given it back, whether or not it has expired. */
  holderOf(name: string): string | undefined;
}

/** Leases in memory. The first fence of a name is 1. */
export function aWriterLease(): FakeLease {
  const leases = new Map<string, { holder: string; fence: number; untilMs: number }>();
  const take = (name: string, holder: string, untilMs: number): number => {
    const fence = (leases.get(name)?.fence ?? 0) + 1;
    leases.set(name, { holder, fence, untilMs });
    return fence;
  };
  const heldAs = (name: string, holder: string, fence: number) => {
    const lease = leases.get(name);
    return lease?.holder === holder && lease.fence === fence ? lease : undefined;
  };
  return {
    hold: (name, holder, untilMs = Number.POSITIVE_INFINITY) => {
      take(name, holder, untilMs);
    },
    holderOf: (name) => {
      const lease = leases.get(name);
      return lease === undefined || lease.untilMs === 0 ? undefined : lease.holder;
    },
    async acquire(name, holder, nowMs, ttlMs) {
      const lease = leases.get(name);
      if (lease !== undefined && lease.untilMs > nowMs && lease.holder !== holder) return null;
      return { fence: take(name, holder, nowMs + ttlMs) };
    },
    async renew(name, holder, fence, nowMs, ttlMs) {
      const lease = heldAs(name, holder, fence);
      if (lease !== undefined) lease.untilMs = nowMs + ttlMs;
      return lease !== undefined;
    },
    async release(name, holder, fence) {
      const lease = heldAs(name, holder, fence);
      if (lease !== undefined) lease.untilMs = 0;
    },
  };
}
