import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesShown, cellShown, plain } from '../../../cli/screen/format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [1_200_000_000, '1.2 GB'],
  [5_000_000_000_000_000, '5.0 PB'],
  [9_007_199_254_740_991, '9.0 PB'],
])('%s bytes are shown as %s', (bytes, shown) => {
  expect(bytesShown(bytes)).toBe(shown);
});

test('cells of an answer are readable and keep what tells values apart', () => {
  expect(
    [
      null,
      true,
      2025,
      12_345,
      0.25,
      1_234.56789,
      0.000_012_34,
      '2025-11-21T10:03:11.987Z',
      '2025-11-21T10:03:11.000Z',
      { a: [1] },
      'x',
    ].map(cellShown),
  ).toEqual([
    '',
    'true',
    '2025',
    '12,345',
    '0.25',
    '1234.568',
    '0.0000123',
    '2025-11-21 10:03:11.987',
    '2025-11-21 10:03:11',
    '{"a":[1]}',
    'x',
  ]);
});

test('text of others cannot command a terminal', () => {
  expect(plain('\u001b[31mred\u001b[0m \u001b]0;title\u0007name\u009b2J\r\nnext\tcell\u202eback\u2028end')).not.toMatch(
    /[\p{Cc}\p{Zl}\p{Zp}\u202e]/u,
  );
  expect(plain('a\nb\tc')).toBe('a b c');
  expect(plain('日本語 ünï 🎉')).toBe('日本語 ünï 🎉');
});

test('no text leaves a control character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plain(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});
