import { expect, test } from 'vitest';
import { type ObjectLimits, withinLimits } from '../../../core/objects/object-limits.ts';

const fitting = (limits: ObjectLimits, ...sizes: readonly number[]): readonly boolean[] => {
  const fits = withinLimits(limits);
  return sizes.map((size_bytes) => fits({ object: 'raw/é', size_bytes }));
};

test('the first object fits whatever its size', () => {
  expect(fitting({ maxBytes: 0, maxObjects: 0 }, 9, 1)).toEqual([true, false]);
});

test('objects fit up to the very limit', () => {
  expect(fitting({ maxBytes: 10 }, 4, 6, 1)).toEqual([true, true, false]);
  expect(fitting({ maxObjects: 2 }, 4, 6, 1)).toEqual([true, true, false]);
  expect(fitting({ maxKeyBytes: 12 }, 4, 6, 1)).toEqual([true, true, false]);
});

test('without limits all fit', () => {
  expect(fitting({}, 1e12, 1e12)).toEqual([true, true]);
});
