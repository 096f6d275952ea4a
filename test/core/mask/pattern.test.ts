import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskOf } from '../../../core/mask/mask.ts';

const masked = (text: string, ...patterns: string[]): string =>
  maskOf({ patterns: patterns.map((pattern, index) => ({ name: `own-${index}`, pattern })) })(text);

describe('a configured pattern', () => {
  it.each([
    ['order CUST-0042 shipped', 'CUST-\\d{4}', 'order [own-0] shipped'],
    ['12345 1234 x1234', '\\b\\d{4}\\b', '12345 [own-0] x1234'],
    ['DE89 3704 0044 0532 0130 00', '[A-Z]{2}\\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?', '[own-0]'],
    ['Jürgen and 日本', '\\p{Lu}\\p{Ll}{2,20}|日.', '[own-0] and [own-0]'],
    ['{"id": 1234}', '\\d{4}', '{"id": "[own-0]"}'],
  ])('masks in "%s" what /%s/ matches', (text, pattern, expected) => expect(masked(text, pattern)).toBe(expected));

  it('sees what the built-in masks left, and no mark', () => {
    expect(masked('bob@x.com passwd: email', '[a-z]{5,6}')).toBe('[email] [own-0]: [secret]');
    expect(masked('[email] a [own-0]', '[a-z\\[\\]-]{1,9}')).toBe('[email] [own-0] [own-0]');
  });

  it('masks after those before it', () => expect(masked('abc1', 'b', '[a-z]\\d')).toBe('a[own-0][own-1]'));

  it('does not take the edge of a mark for the edge of a word', () =>
    expect(masked('abc1234', 'abc', '\\b\\d{4}\\b')).toBe('[own-0]1234'));

  it('stays idempotent, even where it masks what the built-in masks go by', () => {
    const mask = maskOf({
      patterns: [
        { name: 'blank', pattern: '[ =:"]x' },
        { name: 'next', pattern: 'next|max' },
        { name: 'digits', pattern: '\\d{4}' },
      ],
    });
    const piece = fc.constantFrom(
      'next',
      'max',
      '_',
      'token',
      'password',
      '=',
      ': ',
      'x',
      ' x',
      '1234',
      'a',
      '"',
      '@',
      '.com',
      '{"',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = mask(pieces.join(''));
        expect(mask(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a configured pattern that could be worse than linear is refused, and told how to become right', () => {
  it.each([
    [
      'a+',
      'Mask pattern "own-0": expected every repetition to have a greatest count of at most 256, got "+" at position 1 in "a+"; write the counts, as in {1,64}.',
    ],
    [
      '(?:ab)*',
      'expected every repetition to have a greatest count of at most 256, got "*" at position 6 in "(?:ab)*"; write the counts, as in {0,64}.',
    ],
    ['\\d{3,}', 'got "{3,}" at position 2 in "\\d{3,}"; write the counts, as in {3,64}.'],
    ['\\d{257}', 'got "{257}" at position 2'],
    ['(a)\\1', 'expected a pattern without backreferences, got "\\1" in "(a)\\1"; write out what it should match.'],
    [
      '(?=a)b',
      'expected plain groups, as in (?:ab|cd), got "(?=" in "(?=a)b"; write the group without what follows its "?".',
    ],
    ['(?<!a)b', 'got "(?<!"'],
    ['(?<n>a)', 'got "(?<"'],
    ['^a', 'expected a pattern without anchors, got "^" in "^a"; leave it out, or write \\b for the edge of a word.'],
    ['a$', 'got "$" in "a$"'],
    ['(?:a{0,99}){0,99}b', 'expected at most 4096 steps from one place of a text, got '],
    ['a{0,64}a{0,64}a{0,64}b', 'lower the counts of its repetitions.'],
    [
      'a?',
      'expected a pattern that matches at least one character, got "a?", which matches an empty text; give it a part that must be there.',
    ],
    ['(', 'expected a regular expression, got "("; correct it (Invalid regular expression'],
    ['a'.repeat(513), 'expected at most 512 characters, got 513; make two patterns of it.'],
  ])('%s', (pattern, message) => expect(() => masked('', pattern)).toThrow(message));

  it('and so is a name that would not read as a mark', () =>
    expect(() => maskOf({ patterns: [{ name: 'Customer ID', pattern: 'a' }] })).toThrow(
      'Mask pattern "Customer ID": expected a name of at most 32 lower-case letters, digits and hyphens, got "Customer ID"; rename it, as in "customer-id".',
    ));
});
