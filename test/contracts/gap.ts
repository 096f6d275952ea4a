import { expect, test } from 'vitest';

/** What an adapter cannot do: why, and which sentences of the contract do not hold for it. */
export interface Gap {
  readonly reason: string;
  readonly tests: readonly string[];
}

/**
 * `test` for a contract: a sentence named in a gap is reported as skipped, with the reason. Call `checkGaps` last: it
 * fails on a gap that names no sentence.
 */
export function contractTests(gaps: readonly Gap[]): {
  readonly contractTest: (sentence: string, body: () => Promise<void>) => void;
  readonly checkGaps: () => void;
} {
  const sentences = new Set<string>();
  return {
    contractTest(sentence, body) {
      sentences.add(sentence);
      const gap = gaps.find(({ tests }) => tests.includes(sentence));
      test(sentence, async (context) => {
        if (gap) context.skip(gap.reason);
        await body();
      });
    },
    checkGaps() {
      test('gaps name sentences of this contract', () => {
        expect(gaps.flatMap(({ tests }) => tests).filter((sentence) => !sentences.has(sentence))).toEqual([]);
      });
    },
  };
}
