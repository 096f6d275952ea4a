import { describe, expect, test } from 'vitest';
import { arrivals, doneBy, lagOf, type Worker, work } from '../../../scripts/scale/day.ts';

const everyHour = Array.from({ length: 48 }, (_, hour) => hour * 3600);
const steady = arrivals(Array.from({ length: 24 }, () => 10));
const aWorker = (change: Partial<Worker> = {}): Worker => ({
  ...{ eventsPerTake: 1e9, secondsOf: () => 60, calls: everyHour, worksForSeconds: 600 },
  ...change,
});

describe('what arrives', () => {
  test('is counted hour by hour and day by day', () => {
    const arrived = arrivals([1, ...Array.from({ length: 23 }, () => 0)]);
    expect([0, 1800, 3600, 86_400, 86_400 + 60].map(arrived)).toEqual([0, 1800, 3600, 3600, 3660]);
  });
});

describe('a worker', () => {
  test('takes all that has come by its call, and what came while it worked', () => {
    const { takes } = work(aWorker({ calls: [3600], worksForSeconds: 61 }), steady);
    expect(takes).toEqual([
      { atSecond: 3660, events: 36_000 },
      { atSecond: 3720, events: 36_600 },
    ]);
  });

  test('takes nothing new once its time is over, and goes on at its next call', () => {
    const { takes } = work(aWorker({ eventsPerTake: 1000, calls: [3600, 7200], worksForSeconds: 120 }), steady);
    expect(takes.map(({ events }) => events)).toEqual([1000, 2000, 3000, 4000]);
    expect(takes[2]?.atSecond).toBe(7260);
  });

  test('is not called while it works', () => {
    const { takes } = work(aWorker({ secondsOf: () => 5000, calls: [3600, 7200], worksForSeconds: 1 }), steady);
    expect(takes).toHaveLength(1);
  });

  test('does nothing, and ends nothing, where nothing has come', () => {
    expect(work(aWorker(), () => 0)).toEqual({ takes: [], ends: [] });
  });

  test('never does more than has come', () => {
    const worked = work(aWorker({ eventsPerTake: 777 }), steady);
    const done = doneBy(worked);
    for (const hour of everyHour) expect(done(hour)).toBeLessThanOrEqual(steady(hour));
  });
});

describe('how long events wait', () => {
  test('is the tick and the work, where the worker keeps up', () => {
    const worked = work(aWorker({ worksForSeconds: 1 }), steady);
    const { worstSeconds, lateUntilSecond } = lagOf(worked, steady, 0, 4000);
    expect(Math.round(worstSeconds)).toBe(3660);
    expect(lateUntilSecond).toBeUndefined();
  });

  test('grows while more comes than is done, until all is done', () => {
    const rates = Array.from({ length: 24 }, (_, hour) => (hour === 1 ? 100 : 0));
    const arrived = arrivals(rates);
    const slow = aWorker({ eventsPerTake: 120_000, worksForSeconds: 1, calls: everyHour.slice(0, 24) });
    const { worstSeconds, lateUntilSecond } = lagOf(work(slow, arrived), arrived, 0, 3700);
    // 360,000 events came in one hour; three takes of 120,000 took them, an hour apart.
    expect(lateUntilSecond).toBe(4 * 3600 + 60);
    expect(Math.round(worstSeconds / 60)).toBe(Math.round((4 * 3600 + 60 - (3600 + 2400)) / 60));
  });
});
