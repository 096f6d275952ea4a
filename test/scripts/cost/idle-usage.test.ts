import { expect, test } from 'vitest';
import { billOf, totalOf } from '../../../scripts/cost/bill.ts';
import { idleUsage } from '../../../scripts/cost/idle-usage.ts';
import { readStackFacts } from '../../../scripts/cost/stack-facts.ts';

const facts = readStackFacts();
const keysIn = (year: number, rotatedKeys: number): number => idleUsage({ ...facts, keys: 1, rotatedKeys }, year).keys;

test('a key that is not rotated costs the same in every year', () => {
  expect([1, 2, 3, 9].map((year) => keysIn(year, 0))).toEqual([1, 1, 1, 1]);
});

test('a rotated key costs one more after its first and after its second rotation, and no more later', () => {
  expect([1, 2, 3, 4, 9].map((year) => keysIn(year, 1))).toEqual([1, 2, 3, 3, 3]);
});

test('a ledger to which nothing is sent costs less than three dollars a month, in its third year too', () => {
  for (const year of [1, 2, 3]) expect(totalOf(billOf(idleUsage(facts, year))).dollars).toBeLessThan(3);
});

test('only the calls of functions that are traced are traces', () => {
  const untraced = Object.fromEntries(
    Object.entries(facts.functions).map(([name, each]) => [name, { ...each, isTraced: false }]),
  );
  expect(idleUsage(facts).traces).toBeGreaterThan(0);
  expect(idleUsage({ ...facts, functions: untraced }).traces).toBe(0);
});
