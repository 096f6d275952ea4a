import { expect, test } from 'vitest';
import { landingSeconds, liveRunOf } from '../../../scripts/cost/load.ts';
import { measured } from '../../../scripts/cost/measured.ts';
import { readStackFacts } from '../../../scripts/cost/stack-facts.ts';

const facts = readStackFacts();
const usual = { steps: 4, minutes: 10, promisedSeconds: 0 };

test('a run is charged as one that landed as often or more often, never more rarely', () => {
  expect(liveRunOf(usual, 60).flushSeconds).toBe(60);
  expect(liveRunOf(usual, 59).flushSeconds).toBe(30);
  expect(liveRunOf(usual, 1000).flushSeconds).toBe(300);
  expect(liveRunOf(usual, 1).flushSeconds).toBe(5);
});

test('a shape that was measured only at rare landings is refused at more frequent ones', () => {
  expect(() => liveRunOf({ ...usual, steps: 24 }, 30)).toThrow('add it to bench/volumes.ts');
});

test('a full buffer lands before its time', () => {
  const full = facts.landingBufferBytes / measured.landedBytes;
  expect(landingSeconds(full / 120, 60, facts)).toBe(60);
  expect(landingSeconds(full / 20, 60, facts)).toBeCloseTo(20);
});
