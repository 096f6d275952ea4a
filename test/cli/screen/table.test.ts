import fc from 'fast-check';
import widthOf from 'string-width';
import { expect, test } from 'vitest';
import { cut, tableOf } from '../../../cli/screen/table.ts';
import { wrap } from '../../../cli/screen/wrap.ts';

const paint = (_: string, text: string): string => text;
const wide = { width: undefined, paint };

test('columns stand below their heads, numbers to the right', () => {
  const table = tableOf(
    [{ head: 'name' }, { head: 'rows', align: 'right' }],
    [
      ['orders', '1,200'],
      ['a', '7'],
    ],
    wide,
  );
  expect(table).toEqual(['name     rows', 'orders  1,200', 'a           7']);
});

test('wide characters take the two places they take on a terminal', () => {
  expect(['abc', '日本', '🎉', 'e\u0301', '–…', '━'].map((text) => widthOf(text))).toEqual([3, 4, 2, 1, 2, 1]);
  const table = tableOf(
    [{ head: 'step' }, { head: 'n' }],
    [
      ['日本', '1'],
      ['abcd', '2'],
    ],
    wide,
  );
  expect(table).toEqual(['step  n', '日本  1', 'abcd  2']);
});

test('on a terminal the widest column is cut first, and what must be typed again is kept', () => {
  const columns = [{ head: 'run', keep: true }, { head: 'error' }];
  const rows = [['0197c3a2-5b1e', 'a long message about what went wrong']];
  expect(tableOf(columns, rows, { width: 30, paint })).toEqual([
    'run            error',
    '0197c3a2-5b1e  a long message…',
  ]);
});

test('an optional column is left out before a kept one is cut', () => {
  const columns = [
    { head: 'run', keep: true },
    { head: 'took', keep: true, optional: 2 },
    { head: 'error', optional: 1, least: 12 },
  ];
  const rows = [['0197c3a2-5b1e', '4m 10s', 'a long message']];
  expect(tableOf(columns, rows, { width: 24, paint })).toEqual(['run            took', '0197c3a2-5b1e  4m 10s']);
  expect(tableOf(columns, rows, { width: 14, paint })).toEqual(['run', '0197c3a2-5b1e']);
});

test('there is no table when not even cut columns fit', () => {
  const columns = Array.from({ length: 20 }, (_, place) => ({ head: `column_${place}` }));
  expect(tableOf(columns, [], { width: 80, paint })).toBeUndefined();
});

test('hostile cells stay in their line', () => {
  expect(tableOf([{ head: 'name' }], [['a\nb\u001b[2Jc']], wide)).toEqual(['name', 'a bc']);
});

test('no line of a table is wider than the terminal', () => {
  const cell = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('日本語のとても長い名前'));
  const columns = [{ head: 'a' }, { head: 'b', keep: true }, { head: 'c', align: 'right' as const, optional: 1 }];
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell)), fc.integer({ min: 20, max: 60 }), (rows, width) => {
      for (const line of tableOf(columns, rows, { width, paint }) ?? [])
        expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
  );
});

test('what was cut ends with an ellipsis and fits', () => {
  expect(cut('abcdef', 4)).toBe('abc…');
  expect(cut('日本語', 4)).toBe('日…');
  expect(cut('abc', 3)).toBe('abc');
});

test('text is wrapped between words; a word that is too long stays whole', () => {
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(wrap('a verylongword b', 6)).toEqual(['a', 'verylongword', 'b']);
  expect(wrap('one two', undefined)).toEqual(['one two']);
});
