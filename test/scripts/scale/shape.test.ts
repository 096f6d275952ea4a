import { expect, test } from 'vitest';
import { hourlyRates, meanRate, peakRate, usualShape } from '../../../scripts/scale/shape.ts';

test('the hours of a day bring the events of the day, and the busiest as many as the shape says', () => {
  const rates = hourlyRates(1e9, usualShape);
  const mean = meanRate(1e9, usualShape).events;
  expect(rates).toHaveLength(24);
  expect(rates.reduce((sum, rate) => sum + rate, 0)).toBeCloseTo(24 * mean);
  expect(rates[usualShape.peakHour]).toBe(peakRate(1e9, usualShape).events);
});

test('a day whose hours are alike has no busy one', () => {
  const [first, ...others] = hourlyRates(1e9, { ...usualShape, peakToMean: 1 });
  for (const rate of others) expect(rate).toBeCloseTo(first ?? Number.NaN);
});

test('runs under way are those that began within the minutes of a run', () => {
  const { runs, openRuns } = peakRate(1e9, usualShape);
  expect(openRuns).toBeCloseTo(runs * usualShape.minutes * 60);
});
