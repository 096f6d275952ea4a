import { describe } from 'vitest';
import type { LiveStore } from '../../core/ports/live-store.ts';
import { contractTests, type Gap } from './gap.ts';
import type { Behaviour } from './live-store/behaviour.ts';
import { dueDaysContract } from './live-store/due-days.ts';
import { objectsContract } from './live-store/objects.ts';
import { runsContract } from './live-store/runs.ts';

/** What every `LiveStore` does. `open` gives an empty one each time. */
export function liveStoreContract(name: string, open: () => Promise<LiveStore>, gaps: readonly Gap[] = []): void {
  const { contractTest, checkGaps } = contractTests(gaps);
  const behaviour: Behaviour = (sentence, body) =>
    contractTest(sentence, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  describe(`${name} is a live store`, () => {
    runsContract(behaviour);
    objectsContract(behaviour);
    dueDaysContract(behaviour);
    checkGaps();
  });
}
