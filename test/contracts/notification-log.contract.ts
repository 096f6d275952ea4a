import { describe, expect } from 'vitest';
import { epochMsOf, instantOf } from '../../core/instant.ts';
import type { NotificationLog } from '../../core/ports/notification-log.ts';
import { contractTests, type Gap } from './gap.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const CLAIM_MS = 1_000;
const later = (delayMs: number) => instantOf(epochMsOf(NOW) + delayMs);

/** What every `NotificationLog` does. `open` gives an empty one each time. */
export function notificationLogContract(
  name: string,
  open: () => Promise<NotificationLog>,
  gaps: readonly Gap[] = [],
): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour = (sentence: string, body: (log: NotificationLog) => Promise<void>) =>
    contractTest(sentence, async () => body(await open()));

  describe(`${name} is a notification log`, () => {
    behaviour('it has what was recorded, and nothing else', async (log) => {
      expect(await log.has('a')).toBe(false);
      await log.record('a', NOW);
      expect(await log.has('a')).toBe(true);
      expect(await log.has('b')).toBe(false);
    });

    behaviour('a key may hold any text', async (log) => {
      const key = `sent chat ["prod","it's #1 – Überlauf 😀",""]`;
      expect(await log.claim(key, NOW, CLAIM_MS)).toBe(true);
      await log.record(key, NOW);
      expect(await log.has(key)).toBe(true);
      expect(await log.has(key.toLowerCase())).toBe(false);
    });

    behaviour('a claim is no record', async (log) => {
      expect(await log.claim('a', NOW, CLAIM_MS)).toBe(true);
      expect(await log.has('a')).toBe(false);
    });

    behaviour('a claim excludes another until it expires', async (log) => {
      expect(await log.claim('a', NOW, CLAIM_MS)).toBe(true);
      expect(await log.claim('a', NOW, CLAIM_MS)).toBe(false);
      expect(await log.claim('a', later(CLAIM_MS - 1), CLAIM_MS)).toBe(false);
      expect(await log.claim('a', later(CLAIM_MS), CLAIM_MS)).toBe(true);
    });

    behaviour('a claim after an expired one lasts as long as its own', async (log) => {
      await log.claim('a', NOW, CLAIM_MS);
      expect(await log.claim('a', later(CLAIM_MS), 5 * CLAIM_MS)).toBe(true);
      expect(await log.claim('a', later(6 * CLAIM_MS - 1), CLAIM_MS)).toBe(false);
      expect(await log.claim('a', later(6 * CLAIM_MS), CLAIM_MS)).toBe(true);
    });

    behaviour('a claim that was refused changes nothing', async (log) => {
      await log.claim('a', NOW, CLAIM_MS);
      await log.claim('a', later(1), 1_000_000);
      expect(await log.claim('a', later(CLAIM_MS), CLAIM_MS)).toBe(true);
    });

    behaviour('a recorded key is never claimable, however late', async (log) => {
      await log.claim('a', NOW, CLAIM_MS);
      await log.record('a', later(1));
      expect(await log.claim('a', later(2), CLAIM_MS)).toBe(false);
      expect(await log.claim('a', later(300 * 86_400_000), CLAIM_MS)).toBe(false);
      expect(await log.has('a')).toBe(true);
    });

    behaviour('what was recorded without a claim, or twice, is recorded', async (log) => {
      await log.record('a', NOW);
      await log.record('a', later(1));
      expect(await log.has('a')).toBe(true);
      expect(await log.claim('a', later(2), CLAIM_MS)).toBe(false);
    });

    behaviour('one key does not hold another', async (log) => {
      await log.record('a', NOW);
      expect(await log.claim('ab', NOW, CLAIM_MS)).toBe(true);
      expect(await log.claim('b', NOW, CLAIM_MS)).toBe(true);
    });

    behaviour('of many that claim at the same time one may send', async (log) => {
      const claims = await Promise.all(Array.from({ length: 10 }, () => log.claim('a', NOW, CLAIM_MS)));
      expect(claims.filter(Boolean)).toHaveLength(1);
    });

    checkGaps();
  });
}
