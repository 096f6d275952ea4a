import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationMs, durationText } from '../../../core/pipelines/duration.ts';
import { expectationFor, expectationsOf, NOTHING_EXPECTED } from '../../../core/pipelines/expectations.ts';
import { matches } from '../../../core/pipelines/pattern.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';

function expectationsIn(text: string) {
  const { file, problems } = readFile(text);
  if (file === undefined) throw new Error(JSON.stringify(problems));
  return expectationsOf(file, () => ['2026-12-25']);
}

test('the most specific pattern holds: a name before patterns, more letters before fewer', () => {
  const expectations = expectationsIn(
    'version: 1\npipelines:\n  "*": { owner: all }\n  orders_*: { owner: pattern }\n  orders_daily: { owner: name }\n',
  );
  const ownerOf = (name: string) => expectationFor(expectations, 'prod', name).owner;
  expect(['orders_daily', 'orders_hourly', 'users'].map(ownerOf)).toEqual(['name', 'pattern', 'all']);
});

test('a pipeline of another environment is not meant', () => {
  const expectations = expectationsIn('version: 1\npipelines:\n  a: { environment: prod, owner: mine }\n');
  expect(expectationFor(expectations, 'prod', 'a').owner).toBe('mine');
  expect(expectationFor(expectations, 'test', 'a')).toBe(expectations.otherwise);
});

test('defaults hold where a pipeline says nothing, for pipelines that the file does not name too', () => {
  const expectations = expectationsIn(
    'version: 1\ndefaults: { severity: high, timezone: Europe/Paris, start_grace: 5m, max_duration: 1h }\npipelines:\n  a: { max_duration: 2h, schedule: { every: 1h } }\n',
  );
  expect(expectationFor(expectations, 'prod', 'a')).toMatchObject({
    severity: 'high',
    max_duration: 7_200_000,
    schedule: { every_ms: 3_600_000, timezone: 'Europe/Paris', start_grace: 300_000 },
  });
  expect(expectationFor(expectations, 'prod', 'b')).toMatchObject({ severity: 'high', max_duration: 3_600_000 });
});

test("a calendar's holidays are dates, beside its own exceptions", () => {
  const expectations = expectationsIn(
    'version: 1\ncalendars: { work: { weekdays: [mon], holidays: SE, except: [2026-12-24] } }\npipelines:\n  a: { schedule: { every: 1d, calendar: work } }\n',
  );
  expect(expectationFor(expectations, 'prod', 'a').schedule?.calendar).toEqual({
    weekdays: ['mon'],
    except: ['2026-12-24', '2026-12-25'],
  });
});

test('expectations are JSON: what is kept and read again is the same', () => {
  const expectations = expectationsIn('version: 1\npipelines:\n  a: { freshness: 1d, quality: { gold_*: 0.98 } }\n');
  expect(JSON.parse(JSON.stringify(expectations))).toEqual(JSON.parse(JSON.stringify(expectations)));
  expect(expectationFor(JSON.parse(JSON.stringify(expectations)), 'prod', 'a')).toMatchObject({
    freshness: 86_400_000,
  });
});

test('without a file a pipeline is recorded, and nothing but its own words is expected of it', () => {
  expect(expectationFor(NOTHING_EXPECTED, 'prod', 'a')).toMatchObject({
    severity: 'normal',
    routes: [],
    schedule: undefined,
  });
});

describe('patterns', () => {
  test.each([
    ['*', 'anything', true],
    ['orders_*', 'orders_', true],
    ['orders_*', 'order', false],
    ['*_daily', 'orders_daily', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['*a*a*a*b', 'a'.repeat(5000), false],
  ])('%s and %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });
});

test('a duration is read as it is written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 366 * 86_400 }), (seconds) => {
      expect(durationMs(durationText(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
  for (const text of ['', '5', '5x', 'm', '1.5h', '-1h', '1h 30m']) expect(durationMs(text)).toBeUndefined();
});
