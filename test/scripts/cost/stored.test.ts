import { expect, test } from 'vitest';
import { liveRunOf } from '../../../scripts/cost/load.ts';
import { measured } from '../../../scripts/cost/measured.ts';
import { usualLoad } from '../../../scripts/cost/page.ts';
import { prices } from '../../../scripts/cost/prices.ts';
import { readStackFacts } from '../../../scripts/cost/stack-facts.ts';
import { storedOf } from '../../../scripts/cost/stored.ts';

const facts = readStackFacts();
const load = usualLoad(facts);
const live = liveRunOf(load, 60);
const objectsOf = (bytes: number): number => (load.events * measured.landedGzipBytes) / bytes;

test('objects of the least size that S3 archives are moved, smaller ones stay', () => {
  const large = storedOf(load, objectsOf(prices.s3LeastMovedBytes), live, facts);
  expect(large.moved).toBe(large.raw);
  expect(large.movedObjects).toBeGreaterThan(0);
  const small = storedOf(load, objectsOf(prices.s3LeastMovedBytes - 1), live, facts);
  expect(small).toMatchObject({ raw: large.raw, moved: 0, movedObjects: 0 });
});

test('files that were replaced stay as long as snapshots and noncurrent versions do', () => {
  const replacedFor = (noncurrentDays: number) => storedOf(load, 1, live, { ...facts, noncurrentDays }).replaced;
  expect(replacedFor(7) / replacedFor(1)).toBeCloseTo((5 + 7) / (5 + 1));
});
