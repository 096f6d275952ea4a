import { describe, expect } from 'vitest';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { contractTests, type Gap } from './gap.ts';

/** What every `Clock` does. */
export function clockContract(name: string, open: () => Clock, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);

  describe(`${name} is a clock`, () => {
    contractTest('the time is an instant as the ledger writes them', async () => {
      const now = open().now();
      expect(now).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
      expect(instantOf(epochMsOf(now))).toBe(now);
    });

    contractTest('time does not run backwards while it is read', async () => {
      const clock = open();
      const read = Array.from({ length: 1_000 }, () => clock.now());
      expect(read).toEqual([...read].sort());
    });

    checkGaps();
  });
}
