import { expect, test } from 'vitest';
import { readStackFacts } from '../../../scripts/cost/stack-facts.ts';
import { usualShape } from '../../../scripts/scale/shape.ts';
import { compactEverySeconds, tablesLag } from '../../../scripts/scale/tables-lag.ts';

const facts = readStackFacts();
const tickSeconds = compactEverySeconds(facts);

test('with little to do, tables lag by a tick and the seconds of their statements', () => {
  const { worstSeconds, lateUntilSecond, keepsUp } = tablesLag(1e6, usualShape, facts);
  expect(worstSeconds).toBeGreaterThan(tickSeconds);
  expect(worstSeconds).toBeLessThan(tickSeconds + 60);
  expect([lateUntilSecond, keepsUp]).toEqual([undefined, true]);
});

test('an hour that is too busy makes the tables late for some hours, and then they have caught up', () => {
  const { lateUntilSecond = 0, keepsUp } = tablesLag(30e9, usualShape, facts);
  expect(keepsUp).toBe(true);
  expect(lateUntilSecond).toBeGreaterThan((usualShape.peakHour + 1) * 3600);
  expect(lateUntilSecond).toBeLessThan(12 * 3600);
});

test('where every hour is too busy, the tables never catch up', () => {
  expect(tablesLag(1e12, { ...usualShape, peakToMean: 1 }, facts).keepsUp).toBe(false);
});
