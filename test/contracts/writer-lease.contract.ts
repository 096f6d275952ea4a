import fc from 'fast-check';
import { describe, expect } from 'vitest';
import type { WriterLease } from '../../core/ports/writer-lease.ts';
import { contractTests, type Gap } from './gap.ts';

const TTL_MS = 1_000;

/** What every `WriterLease` does. `open` gives one that nobody ever had each time. */
export function writerLeaseContract(name: string, open: () => Promise<WriterLease>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (lease: WriterLease) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is a writer lease`, () => {
    behaviour('one holder at a time, each name for itself', async (lease) => {
      await taken(lease, 'logs', 'a', 0);
      expect(await lease.acquire('logs', 'b', TTL_MS - 1, TTL_MS)).toBeNull();
      await taken(lease, 'runs', 'b', 0);
    });

    behaviour('of many that ask at the same time one gets it', async (lease) => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, each) => lease.acquire('logs', `holder-${each}`, 5, TTL_MS)),
      );
      expect(answers.filter((answer) => answer !== null)).toHaveLength(1);
    });

    behaviour('an expired lease goes to the next holder under a higher fence', async (lease) => {
      const first = await taken(lease, 'logs', 'a', 0);
      expect(await taken(lease, 'logs', 'b', TTL_MS)).toBeGreaterThan(first);
    });

    behaviour('an overtaken holder cannot renew', async (lease) => {
      const first = await taken(lease, 'logs', 'a', 0);
      await taken(lease, 'logs', 'b', TTL_MS);
      expect(await lease.renew('logs', 'a', first, TTL_MS, TTL_MS)).toBe(false);
      expect(await lease.acquire('logs', 'c', 2 * TTL_MS, TTL_MS), 'the refused renewal gave no time').not.toBeNull();
    });

    behaviour('release by an overtaken holder does nothing', async (lease) => {
      const first = await taken(lease, 'logs', 'a', 0);
      const second = await taken(lease, 'logs', 'b', TTL_MS);
      await lease.release('logs', 'a', first);
      await lease.release('logs', 'a', second);
      await lease.release('logs', 'b', first);
      expect(await lease.acquire('logs', 'c', TTL_MS + 1, TTL_MS)).toBeNull();
    });

    behaviour('release of what nobody ever had does nothing', async (lease) => {
      await lease.release('logs', 'a', 1);
      expect(await lease.renew('logs', 'a', 1, 0, TTL_MS)).toBe(false);
      await taken(lease, 'logs', 'b', 0);
    });

    behaviour('a renewed lease lasts longer, under the same fence', async (lease) => {
      const fence = await taken(lease, 'logs', 'a', 0);
      expect(await lease.renew('logs', 'a', fence, 900, TTL_MS)).toBe(true);
      expect(await lease.acquire('logs', 'b', 1_899, TTL_MS)).toBeNull();
      expect(await lease.renew('logs', 'a', fence, 1_899, 1)).toBe(true);
      expect(await taken(lease, 'logs', 'b', 1_900)).toBeGreaterThan(fence);
    });

    behaviour('a released lease is free at once', async (lease) => {
      const first = await taken(lease, 'logs', 'a', 0);
      await lease.release('logs', 'a', first);
      expect(await taken(lease, 'logs', 'b', 1)).toBeGreaterThan(first);
    });

    behaviour('a holder whose answer was lost asks again and has it, under a fence of its own', async (lease) => {
      const first = await taken(lease, 'logs', 'a', 0);
      expect(await taken(lease, 'logs', 'a', 1)).toBeGreaterThan(first);
      expect(await lease.renew('logs', 'a', first, 2, TTL_MS)).toBe(false);
    });

    behaviour('a fence only grows, and no two holders are told that they hold it', async (lease) => {
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
          round += 1;
          await obeysTheLaws(lease, `table-${round}`, steps);
        }),
        { numRuns: 10 },
      );
    });

    checkGaps();
  });
}

interface Step {
  readonly action: 'acquire' | 'renew' | 'release';
  readonly holder: string;
  readonly delayMs: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom('acquire', 'acquire', 'renew', 'release'),
  holder: fc.constantFrom('a', 'b', 'c'),
  delayMs: fc.constantFrom(0, 1, TTL_MS / 2, TTL_MS),
});

/** Plays steps of three holders, each of which remembers the last fence it was given. */
async function obeysTheLaws(lease: WriterLease, name: string, steps: readonly Step[]): Promise<void> {
  const fences = new Map<string, number>();
  let highest = 0;
  let owner: { holder: string; untilMs: number } | undefined;
  let nowMs = 0;
  for (const { action, holder, delayMs } of steps) {
    nowMs += delayMs;
    const fence = fences.get(holder) ?? highest;
    const isFree = owner === undefined || owner.untilMs <= nowMs || owner.holder === holder;
    if (action === 'acquire') {
      const got = await lease.acquire(name, holder, nowMs, TTL_MS);
      expect(got !== null).toBe(isFree);
      if (got === null) continue;
      expect(got.fence).toBeGreaterThan(highest);
      highest = got.fence;
      fences.set(holder, got.fence);
      owner = { holder, untilMs: nowMs + TTL_MS };
    } else if (action === 'renew') {
      const isLast = fences.get(holder) === highest;
      expect(await lease.renew(name, holder, fence, nowMs, TTL_MS)).toBe(isLast);
      if (isLast) owner = { holder, untilMs: nowMs + TTL_MS };
    } else {
      await lease.release(name, holder, fence);
      if (fences.get(holder) === highest) owner = undefined;
    }
  }
}

/** Its fence. */
async function taken(lease: WriterLease, name: string, holder: string, nowMs: number): Promise<number> {
  const got = await lease.acquire(name, holder, nowMs, TTL_MS);
  if (got === null) throw new Error(`expected ${holder} to get the lease of ${name}, got none`);
  return got.fence;
}
