import { describe, expect, test } from 'vitest';
import type { TableSettings } from '../../../adapters/dynamodb/access.ts';
import { openLiveStore } from '../../../adapters/dynamodb/live-store.ts';
import { openWriterLease } from '../../../adapters/dynamodb/writer-lease.ts';
import type { WriterLease } from '../../../core/ports/writer-lease.ts';

const TTL_MS = 1_000;

/** What the lease of a writer does; `table` gives a new one each time. */
export function writerLeaseBehaviour(table: () => Promise<TableSettings>): void {
  const behaviour = (sentence: string, body: (lease: WriterLease, table: TableSettings) => Promise<void>) =>
    test(sentence, async () => {
      const settings = await table();
      await body(openWriterLease(settings), settings);
    });

  describe('DynamoDB is a writer lease', () => {
    behaviour('one holder at a time, each name for itself', async (lease) => {
      expect(await lease.acquire('logs', 'a', 0, TTL_MS)).toEqual({ fence: 1 });
      expect(await lease.acquire('logs', 'b', TTL_MS - 1, TTL_MS)).toBeNull();
      expect(await lease.acquire('runs', 'b', 0, TTL_MS)).toEqual({ fence: 1 });
    });

    behaviour('of many who ask at the same time one gets it', async (lease) => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, each) => lease.acquire('logs', `holder-${each}`, 5, TTL_MS)),
      );
      expect(answers.filter((answer) => answer !== null)).toEqual([{ fence: 1 }]);
    });

    behaviour('a lease that ran out goes to the next one under a higher fence', async (lease) => {
      await lease.acquire('logs', 'a', 0, TTL_MS);
      expect(await lease.acquire('logs', 'b', TTL_MS, TTL_MS)).toEqual({ fence: 2 });
      expect(await lease.renew('logs', 'a', 1, TTL_MS, TTL_MS)).toBe(false);
      await lease.release('logs', 'a', 1);
      expect(await lease.acquire('logs', 'c', TTL_MS + 1, TTL_MS)).toBeNull();
    });

    behaviour('a renewed lease lasts longer', async (lease) => {
      await lease.acquire('logs', 'a', 0, TTL_MS);
      expect(await lease.renew('logs', 'a', 1, 900, TTL_MS)).toBe(true);
      expect(await lease.acquire('logs', 'b', 1_899, TTL_MS)).toBeNull();
      expect(await lease.acquire('logs', 'b', 1_900, TTL_MS)).toEqual({ fence: 2 });
    });

    behaviour('a released lease is free at once', async (lease) => {
      await lease.acquire('logs', 'a', 0, TTL_MS);
      await lease.release('logs', 'a', 1);
      expect(await lease.acquire('logs', 'b', 1, TTL_MS)).toEqual({ fence: 2 });
    });

    behaviour('a holder whose answer was lost asks again and has it, under a fence of its own', async (lease) => {
      await lease.acquire('logs', 'a', 0, TTL_MS);
      expect(await lease.acquire('logs', 'a', 1, TTL_MS)).toEqual({ fence: 2 });
      expect(await lease.renew('logs', 'a', 1, 2, TTL_MS)).toBe(false);
    });

    behaviour('clearing the live store does not let a fence begin anew', async (lease, settings) => {
      await lease.acquire('logs', 'a', 0, TTL_MS);
      await openLiveStore({ ...settings, clock: { now: () => '2025-11-03T12:00:00.000Z' } }).clear();
      expect(await lease.acquire('logs', 'b', TTL_MS, TTL_MS)).toEqual({ fence: 2 });
    });
  });
}
