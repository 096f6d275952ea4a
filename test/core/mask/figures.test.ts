import { describe, expect, it } from 'vitest';
import { harmlessLines } from '../../../bench/harmless-lines.ts';
import { NAMED, PROSE, seededRandom, tokenSamples } from '../../../bench/mask-samples.ts';
import { maskOf } from '../../../core/mask/mask.ts';

/* The figures that `npm run bench -- mask` prints. */
const mask = maskOf();
const samples = tokenSamples(4, seededRandom(5));
const isHidden = (text: string, parts: readonly string[]): boolean => {
  const masked = mask(text);
  return parts.every((part) => !masked.includes(part));
};

describe('a mask', () => {
  it('finds at least 95 % of the tokens that name themselves, bare in prose', () => {
    const tried = samples.flatMap(({ text, parts }) => PROSE.map((around) => isHidden(around(text), parts)));
    expect(tried.filter(Boolean).length / tried.length).toBeGreaterThanOrEqual(0.95);
  });

  it('finds every token behind the name of a secret', () => {
    const shown = samples
      .filter(({ text }) => !/[\s"'<]/.test(text))
      .flatMap(({ text, parts }) => NAMED.map((around) => ({ text: around(text), parts })))
      .filter(({ text, parts }) => !isHidden(text, parts));
    expect(shown).toEqual([]);
  });

  it('changes at most 1 % of harmless log lines', () => {
    const changed = harmlessLines(1_000).filter((line) => mask(line) !== line);
    expect(changed.length).toBeLessThanOrEqual(10);
  });
});
