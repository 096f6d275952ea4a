import { distance } from 'fastest-levenshtein';

/**
 * The word that was probably meant: the first of those with the fewest letters to add, remove or change, whatever their
 * case, and at most a third of its own letters. Undefined when none is near.
 */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const [best] = ranked(word, words).filter((each) => each.distance <= Math.max(1, each.word.length / 3));
  return best?.word;
}

/** Every word with how many letters tell it from what was typed, the nearest first. */
export const ranked = (
  typed: string,
  words: readonly string[],
): readonly { readonly word: string; readonly distance: number }[] =>
  words
    .map((word) => ({ word, distance: distance(typed.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
