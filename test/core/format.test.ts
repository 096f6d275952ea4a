import { expect, test } from 'vitest';
import { counted, countShown, durationShown, instantShown } from '../../core/format.ts';

test('counts have their thousands apart', () => {
  expect([0, 999, 1_198_000, Number.MAX_SAFE_INTEGER, null].map(countShown)).toEqual([
    '0',
    '999',
    '1,198,000',
    '9,007,199,254,740,991',
    '–',
  ]);
});

test.each([
  [0, '0 ms'],
  [999.9, '999 ms'],
  [1_000, '1.0 s'],
  [59_999, '59.9 s'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [3_599_999, '59 min 59 s'],
  [3_780_000, '1 h 3 min'],
  [86_399_999, '23 h 59 min'],
  [187_200_000, '2 d 4 h'],
  [null, '–'],
])('%s ms are shown as %s', (durationMs, shown) => {
  expect(durationShown(durationMs)).toBe(shown);
});

test('instants are shown to the second', () => {
  expect(instantShown('2025-11-21T10:03:11.987Z')).toBe('2025-11-21 10:03:11');
  expect(instantShown(null)).toBe('–');
});

test('a noun is of one or of many', () => {
  expect([0, 1, 2_000].map((count) => counted(count, 'line'))).toEqual(['0 lines', '1 line', '2,000 lines']);
});
