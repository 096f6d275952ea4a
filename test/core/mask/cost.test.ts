import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE } from '../../../bench/hostile-texts.ts';
import { maskEmails, maskUrls, ORACLE_PASSWORD, WEBHOOK } from '../../../core/mask/addresses.ts';
import { costOf } from '../../../core/mask/cost.ts';
import { maskJson } from '../../../core/mask/json.ts';
import { maskOf } from '../../../core/mask/mask.ts';
import { maskPairs } from '../../../core/mask/pairs.ts';
import { maskPrivateKeys, PHRASES } from '../../../core/mask/phrases.ts';
import { hasLongWord, maskTokens } from '../../../core/mask/token.ts';

/*
 * That no mask is worse than linear is shown without a clock: the patterns by counting what they can cost at one place of
 * a text, the readers by counting the letters they read.
 */

describe('a built-in pattern has a bounded cost at every place of a text', () => {
  it.each([...PHRASES.map(([pattern]) => pattern), ORACLE_PASSWORD, WEBHOOK])('%s', (pattern) => {
    const cost = costOf(pattern.source, 16_384, true);
    expect(cost).not.toHaveProperty('expected');
    expect(cost).toHaveProperty('steps', expect.any(Number));
    if ('steps' in cost) expect(cost.steps).toBeLessThan(5_000_000);
  });
});

describe('a reader reads every letter of a text a bounded number of times', () => {
  const readers = { maskPairs, maskEmails, maskUrls, maskTokens, hasLongWord, maskPrivateKeys };

  describe.each(Object.entries(readers))('%s', (_name, read) => {
    it.each(HOSTILE)('of %j, repeated', (unit) => {
      const [few, many] = [16, 64].map((kilobytes) => {
        const text = unit.repeat(Math.ceil((kilobytes * 1024) / unit.length));
        return readsOf(read, text) / text.length;
      });
      expect(many).toBeLessThan(MOST_READS);
      expect(many).toBeLessThan((few ?? 0) * 1.1 + 1);
    });

    it('of any mixture of what it looks for', () => {
      const piece = fc.constantFrom(...HOSTILE, 'aaaaaaaa', 'b.c', '"', '\n');
      fc.assert(
        fc.property(fc.array(piece, { maxLength: 6 }), fc.array(piece, { maxLength: 6 }), (head, tail) => {
          const text = head.join('').repeat(300) + tail.join('').repeat(300);
          expect(readsOf(read, text)).toBeLessThan(MOST_READS * text.length + 1_000);
        }),
        { numRuns: 200 },
      );
    });
  });

  it('and JSON hands on no more than it was given', () => {
    let given = 0;
    const spy = (text: string): string => {
      given += text.length;
      return text;
    };
    const text = JSON.stringify({
      a: ['"\\'.repeat(20_000), '\u0000'.repeat(20_000)],
      b: [1, 2.5e-7, 'c'.repeat(20_000)],
    });
    expect(maskJson(text, spy)).toBe(text);
    expect(given).toBeLessThan(text.length);
  });
});

describe('the largest line there is', () => {
  const mask = maskOf();
  it.each(HOSTILE)('of %j repeated is masked, and stays so', (unit) => {
    const once = mask(unit.repeat(Math.ceil((256 * 1024) / unit.length)));
    expect(mask(once)).toBe(once);
  });
  it.each(['a', '@', '://', 'a@', 'a.', 'eyJ.', 'password=', '=', '-----BEGIN', ' ', '"\\'])(
    'and a megabyte of %j',
    (unit) => {
      expect(mask(unit.repeat(Math.ceil(1_048_576 / unit.length)))).not.toContain('[masked]');
    },
  );
});

/** Most letters are read less than ten times; a URL looks up to 256 letters ahead for the `@` behind its password. */
const MOST_READS = 128;

/** How many letters a reader asks a text for, searching and cutting counted by their length. */
function readsOf(read: (text: string) => unknown, text: string): number {
  let reads = 0;
  const counting = {
    length: text.length,
    charCodeAt: (at: number): number => {
      reads++;
      return text.charCodeAt(at);
    },
    charAt: (at: number): string => {
      reads++;
      return text.charAt(at);
    },
    indexOf: (what: string, from = 0): number => {
      const at = text.indexOf(what, from);
      reads += (at === -1 ? text.length : at) - Math.min(from, text.length) + what.length;
      return at;
    },
    lastIndexOf: (what: string, from: number): number => {
      const at = text.lastIndexOf(what, from);
      reads += from - at;
      return at;
    },
    replace: (pattern: RegExp, by: string): string => text.replace(pattern, by),
    includes: (what: string): boolean => {
      reads += text.length;
      return text.includes(what);
    },
    startsWith: (what: string, from = 0): boolean => {
      reads += what.length;
      return text.startsWith(what, from);
    },
    slice: (from: number, end?: number): string => {
      const part = text.slice(from, end);
      reads += part.length;
      return part;
    },
    toString: (): string => text,
  };
  read(counting as unknown as string);
  return reads;
}

describe('costOf', () => {
  it.each([
    ['abc', 1, 3, 3],
    ['a|bc', 2, 3, 1],
    ['a?b', 2, 3, 1],
    ['a{0,256}b', 257, 256 + 257, 1],
    ['a{2,4}', 3, 4, 2],
    ['(?:ab?){1,3}', 2 + 4 + 8, 2 + 4 + 8, 1],
    ['(?:a{0,9}){0,9}', expect.closeTo(1.111_111_111e9, -1), expect.any(Number), 0],
    ['[\\]a-z]\\d\\p{Lu}\\u0041\\u{1F600}\\b.', 1, 7, 6],
  ])('of %s', (source, ways, steps, least) => {
    expect(costOf(source, 256)).toEqual({ ways, steps, least });
  });
});
