import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareStamped,
  compareText,
  earlier,
  greatest,
  later,
  least,
  type Stamped,
} from '../../../core/run/stamped.ts';

/** Few values, so that they collide; characters on both sides of the surrogates. */
const text = fc
  .oneof(
    fc.array(fc.constantFrom('a', 'b', '\uD7FF', '\uE000', '\uFFFF', '\u{10000}', '\u{1F600}'), { maxLength: 3 }),
    fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }), { maxLength: 3 }),
  )
  .map((parts) => parts.join(''));
const time = fc.constantFrom('2025-11-02T23:59:59.999Z', '2025-11-03T00:00:00.000Z');
const stamped: fc.Arbitrary<Stamped<readonly [string]>> = fc.tuple(time, text, text);

const byCodePoint = (a: string, b: string): number => {
  const [left, right] = [a, b].map((each) => [...each].map((character) => character.codePointAt(0) ?? 0));
  for (const [place, point] of (left ?? []).entries()) {
    const other = right?.[place];
    if (other === undefined) return 1;
    if (point !== other) return point - other;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
};

describe('text compares by code point, as both engines do', () => {
  test.each([
    ['a', 'b'],
    ['a', 'aa'],
    ['', 'a'],
    ['B', 'a'],
    ['\uFFFF', '\u{10000}'],
    ['\uE000', '\u{1F600}'],
    ['\uD7FF', '\uE000'],
    ['\uD7FF', '\u{1F600}'],
    ['\u{10000}', '\u{10001}'],
    ['\u{103FE}', '\u{103FF}'],
  ])('%j comes before %j', (first, second) => {
    expect(compareText(first, second)).toBeLessThan(0);
    expect(compareText(second, first)).toBeGreaterThan(0);
  });

  test('whatever the well-formed texts are', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(byCodePoint(a, b)));
      }),
    );
  });
});

describe('the order of what was said', () => {
  test('is total: two that are neither before nor after each other are the same', () => {
    fc.assert(
      fc.property(stamped, stamped, (a, b) => {
        const order = Math.sign(compareStamped(a, b));
        expect(order + Math.sign(compareStamped(b, a))).toBe(0);
        expect(order === 0).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  test('is transitive', () => {
    fc.assert(
      fc.property(stamped, stamped, stamped, (a, b, c) => {
        if (compareStamped(a, b) <= 0 && compareStamped(b, c) <= 0) expect(compareStamped(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('is by time, then id, then value', () => {
    const early: Stamped = ['2025-11-03T00:00:00.000Z', 'z', 'z'];
    const late: Stamped = ['2025-11-03T00:00:00.001Z', 'a', 'a'];
    expect(compareStamped(early, late)).toBeLessThan(0);
    expect(compareStamped(late, early)).toBeGreaterThan(0);
    expect(compareStamped([early[0], 'a', 'z'], [early[0], 'b', 'a'])).toBeLessThan(0);
    expect(compareStamped([early[0], 'a', 'a'], [early[0], 'a', 'b'])).toBeLessThan(0);
  });

  test('of numbers is theirs, not that of their digits', () => {
    const at = '2025-11-03T00:00:00.000Z';
    expect(compareStamped([at, 'a', 9], [at, 'a', 10])).toBeLessThan(0);
    expect(compareStamped([at, 'a', 10], [at, 'a', 10])).toBe(0);
  });

  test('of a number and a text is that of its digits', () => {
    const at = '2025-11-03T00:00:00.000Z';
    expect(compareStamped([at, 'a', 10], [at, 'a', '9'])).toBeLessThan(0);
    expect(compareStamped([at, 'a', '10'], [at, 'a', 9])).toBeLessThan(0);
  });
});

describe('greatest and least', () => {
  test('are the last and the first of a sorted list', () => {
    fc.assert(
      fc.property(fc.array(stamped, { minLength: 1, maxLength: 6 }), (some) => {
        const sorted = some.toSorted(compareStamped);
        const none: Stamped | undefined = undefined;
        expect(some.reduce<Stamped | undefined>(greatest, none)).toEqual(sorted.at(-1));
        expect(some.reduce<Stamped | undefined>(least, none)).toEqual(sorted[0]);
      }),
    );
  });

  test('take what is known before what is not', () => {
    const known: Stamped = ['2025-11-03T00:00:00.000Z', 'a'];
    for (const choose of [greatest, least]) {
      expect(choose(known, undefined)).toBe(known);
      expect(choose(undefined, known)).toBe(known);
      expect(choose(undefined, undefined)).toBeUndefined();
    }
  });

  test('of plain values are the later and the earlier; unknown gives way', () => {
    expect([later(1, 2), later(2, 1), earlier(1, 2), earlier(2, 1)]).toEqual([2, 2, 1, 1]);
    expect([later('a', 'b'), earlier('a', 'b')]).toEqual(['b', 'a']);
    for (const choose of [later<number | undefined>, earlier<number | undefined>]) {
      expect([choose(undefined, 1), choose(1, undefined), choose(undefined, undefined)]).toEqual([1, 1, undefined]);
    }
  });
});
