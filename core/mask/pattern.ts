import { costOf } from './cost.ts';

/** A pattern that a user configured: its matches become `[name]`. */
export interface ConfiguredPattern {
  /** Lower-case letters, digits and hyphens, at most 32. */
  readonly name: string;
  /** The source of a regular expression (with the `u` flag), within the rule of `checkPattern`. */
  readonly pattern: string;
}

/** The greatest count a repetition may have. */
export const MAX_COUNT = 256;
/** The most steps that a pattern may need from any one position of a text. A bound makes the whole mask linear. */
export const MAX_STEPS = 4_096;

/**
 * Masks the matches of configured patterns, but never inside placeholders of other masks. Throws an Error for a pattern
 * that breaks the rule of `checkPattern`.
 */
export function configuredMaskOf(
  patterns: readonly ConfiguredPattern[],
  builtInMarks: readonly string[],
): (text: string) => string {
  for (const each of patterns) checkPattern(each);
  const names = new Set([...builtInMarks, ...patterns.map((each) => each.name)]);
  const marks = new RegExp(`(\\[(?:${[...names].join('|')})\\])`);
  const compiled = patterns.map(({ name, pattern }) => ({
    mark: `[${name}]`,
    matcher: new RegExp(pattern, 'gu'),
    // A placeholder hides whether a word ends beside it, so the word counts as continued.
    bounded: /\\b/i.test(pattern),
  }));
  return (text) => {
    let masked = text;
    for (const { mark, matcher, bounded } of compiled) {
      if (masked.search(matcher) === -1) continue;
      const parts = masked.split(marks);
      // Every second part is a placeholder.
      for (let index = 0; index < parts.length; index += 2) {
        const part = parts[index] ?? '';
        parts[index] = part.replace(matcher, (match: string, ...rest: unknown[]) => {
          const from = rest.at(-2) as number;
          const besideMark =
            (from === 0 && index > 0) || (from + match.length === part.length && index < parts.length - 1);
          return bounded && besideMark ? match : mark;
        });
      }
      masked = parts.join('');
    }
    return masked;
  };
}

/**
 * The rule of configured patterns: letters, classes, alternatives, groups and bounded repetitions, and never more than
 * MAX_STEPS steps from one position. It refuses `*`, `+` and `{n,}`, counts over MAX_COUNT, backreferences, look-around,
 * `^` and `$` (a mark does not depend on its place), and what matches an empty text.
 */
export function checkPattern({ name, pattern }: ConfiguredPattern): void {
  const refuse = (expected: string, came: string, advice: string, cause?: unknown): never => {
    throw new Error(`Mask pattern "${name}": expected ${expected}, got ${came}; ${advice}.`, { cause });
  };
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name))
    refuse(
      'a name of at most 32 lower-case letters, digits and hyphens',
      `"${name}"`,
      'rename it, as in "customer-id"',
    );
  if (pattern.length > MAX_PATTERN_LENGTH)
    refuse(`at most ${MAX_PATTERN_LENGTH} characters`, `${pattern.length}`, 'make two patterns of it');
  try {
    new RegExp(pattern, 'u');
  } catch (error) {
    refuse('a regular expression', `"${pattern}"`, `correct it (${(error as Error).message})`, error);
  }
  const cost = costOf(pattern, MAX_COUNT);
  if ('expected' in cost) refuse(cost.expected, `${cost.came} in "${pattern}"`, cost.advice);
  else if (cost.least === 0)
    refuse(
      'a pattern that matches at least one character',
      `"${pattern}", which matches an empty text`,
      'give it a part that must be there',
    );
  else if (cost.steps > MAX_STEPS)
    refuse(
      `at most ${MAX_STEPS} steps from one place of a text`,
      `${cost.steps} for "${pattern}"`,
      'lower the counts of its repetitions',
    );
}
const MAX_PATTERN_LENGTH = 512;
