import { describe, expect, test } from 'vitest';
import { readStackFacts } from '../../../scripts/cost/stack-facts.ts';
import { type Limit, loadOf, quotaOf, REGION_CLASSES, reachedAt, shareOf } from '../../../scripts/scale/limit.ts';
import { allLimits } from '../../../scripts/scale/limits/all-limits.ts';
import { usualShape } from '../../../scripts/scale/shape.ts';

const facts = readStackFacts();
const limits = allLimits(facts);
const limitOf = (what: string): Limit => {
  const found = limits.find((limit) => limit.what.includes(what));
  if (found === undefined) throw new Error(`expected a limit of ${what}, but got none`);
  return found;
};

describe.each(limits)('$what', (limit) => {
  test('has a default in every region', () => {
    for (const region of REGION_CLASSES) expect(quotaOf(limit, region)).toBeGreaterThan(0);
  });

  test('is used no less when more is sent', () => {
    const uses = [1e6, 1e7, 1e8, 1e9, 1e10, 1e11].map((events) => limit.use(loadOf(events, usualShape, facts)));
    for (const [at, use] of uses.entries()) expect(use).toBeGreaterThanOrEqual((uses[at - 1] ?? 0) * 0.999);
  });

  test('is used up where it is said to be reached, and not before', () => {
    for (const region of REGION_CLASSES) {
      const at = reachedAt(limit, region, usualShape, facts);
      if (at === undefined) continue;
      expect(shareOf(limit, loadOf(at, usualShape, facts), region)).toBeGreaterThanOrEqual(1);
      expect(shareOf(limit, loadOf(at / 1.01, usualShape, facts), region)).toBeLessThan(1);
    }
  });
});

test('fewer events to a record are more calls, and not more bytes', () => {
  const sendAlone = loadOf(1e9, { ...usualShape, eventsPerRecord: 1 }, facts);
  const packed = loadOf(1e9, { ...usualShape, eventsPerRecord: 500 }, facts);
  expect(limitOf('calls of PutRecordBatch').use(sendAlone)).toBeCloseTo(500 * limitOf('calls of').use(packed));
  expect(limitOf('bytes put').use(sendAlone)).toBe(limitOf('bytes put').use(packed));
});

test('runs that promise nothing ask less of the clock and of the index of open runs', () => {
  const silent = loadOf(1e9, { ...usualShape, promisedSeconds: 0 }, facts);
  const beating = loadOf(1e9, usualShape, facts);
  expect(limitOf('check of the clock').use(silent)).toBe(0);
  expect(limitOf('open_runs').use(silent)).toBeLessThan(limitOf('open_runs').use(beating));
});

test('more functions that track are asked for by the template alone', () => {
  expect(quotaOf(limitOf('functions that track'), 'large')).toBe(facts.trackersAtOnce);
});
