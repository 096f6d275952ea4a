import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateOf, epochMsOf, instantOf, parseInstant } from '../../core/instant.ts';

const FIRST_MS = Date.UTC(2000, 0, 1);
const LAST_MS = Date.UTC(2101, 0, 1) - 1;
const epochMs = fc.integer({ min: FIRST_MS, max: LAST_MS });
const read = (value: unknown, zone = 'UTC') => parseInstant(value, zone)?.instant ?? null;

describe('an instant', () => {
  test('written and read again is the same, whatever the zone of the ledger', () => {
    fc.assert(
      fc.property(epochMs, fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York'), (ms, zone) => {
        const instant = instantOf(ms);
        expect(epochMsOf(instant)).toBe(ms);
        expect(parseInstant(instant, zone)).toEqual({ instant, zoneAssumed: false });
      }),
    );
  });

  test('sorts as text as it does by time', () => {
    fc.assert(
      fc.property(epochMs, epochMs, (a, b) => {
        expect(instantOf(a) < instantOf(b)).toBe(a < b);
      }),
    );
  });

  test('has the UTC date it begins with', () => {
    expect(dateOf('2025-11-03T23:59:59.999Z')).toBe('2025-11-03');
  });
});

describe('a written time is read', () => {
  test.each([
    ['2025-11-03T12:34:56.789Z', '2025-11-03T12:34:56.789Z'],
    ['2025-11-03t12:34:56z', '2025-11-03T12:34:56.000Z'],
    ['2025-11-03 12:34:56 UTC', '2025-11-03T12:34:56.000Z'],
    ['  2025-11-03 12:34:56Z  ', '2025-11-03T12:34:56.000Z'],
    ['2025-11-03T12:34Z', '2025-11-03T12:34:00.000Z'],
    ['2025-11-03Z', '2025-11-03T00:00:00.000Z'],
    ['2025-11-03T12:34:56.7Z', '2025-11-03T12:34:56.700Z'],
    ['2025-11-03T12:34:56,78Z', '2025-11-03T12:34:56.780Z'],
    ['2025-11-03T12:34:56.789999999Z', '2025-11-03T12:34:56.789Z'],
    ['2025-11-03T12:34:56+01:00', '2025-11-03T11:34:56.000Z'],
    ['2025-11-03T12:34:56 -0530', '2025-11-03T18:04:56.000Z'],
    ['2025-11-03T12:34:56+05', '2025-11-03T07:34:56.000Z'],
    ['2025-11-03T00:30:00+01:00', '2025-11-02T23:30:00.000Z'],
  ])('%j', (text, instant) => {
    expect(parseInstant(text, 'Europe/Berlin')).toEqual({ instant, zoneAssumed: false });
  });

  test('without a zone in that of the ledger, and says that it was assumed', () => {
    expect(parseInstant('2025-11-03 12:34:56', 'UTC')).toEqual({
      instant: '2025-11-03T12:34:56.000Z',
      zoneAssumed: true,
    });
    expect(parseInstant('2025-11-03', 'Asia/Kolkata')).toEqual({
      instant: '2025-11-02T18:30:00.000Z',
      zoneAssumed: true,
    });
    expect(read('2025-11-03 12:34:56.789', 'Asia/Kolkata')).toBe('2025-11-03T07:04:56.789Z');
  });

  test.each([
    '',
    'now',
    '12:34:56',
    '2025-11',
    '2025-13-01',
    '2025-00-10',
    '2025-02-29T00:00:00.000Z',
    '2025-02-30T00:00:00.000Z',
    '2025-04-31T12:00:00.000Z',
    '2025-11-00T12:00:00.000Z',
    '2025-11-03T24:00:00.000Z',
    '2025-11-03T12:60:00.000Z',
    '2025-11-03T12:34:60.000Z',
    '2025-11-03T12',
    '2025-11-03T12:34:56.Z',
    '2025-11-03T12:34:56.1234567890Z',
    '2025-11-03T12:34:56  Z',
    '2025-11-03T12:34:56+1',
    'x2025-11-03T12:34:56Z',
    '2025-11-03T12:34:56Zx',
    '12345678',
    '12345678901234567890',
    true,
    {},
    null,
    undefined,
  ])('%j is no time', (value) => {
    expect(parseInstant(value, 'UTC')).toBeNull();
  });

  test('29 February is a day in leap years', () => {
    expect(read('2024-02-29T00:00:00.000Z')).toBe('2024-02-29T00:00:00.000Z');
    expect(read('2100-02-28T00:00:00.000Z')).toBe('2100-02-28T00:00:00.000Z');
    expect(read('2100-02-29T00:00:00.000Z')).toBeNull();
  });
});

describe('a number is read', () => {
  test('as seconds, milliseconds, microseconds or nanoseconds by its size, truncated', () => {
    const instant = '2025-11-03T12:00:00.123Z';
    for (const value of [1762171200.1239, 1762171200123, 1762171200123999, 1762171200123999000]) {
      expect(read(value)).toBe(instant);
    }
    for (const value of ['1762171200123', ' 1762171200123999 ', '1762171200123999000'])
      expect(read(value)).toBe(instant);
    expect(read('1762171200')).toBe('2025-11-03T12:00:00.000Z');
  });

  test.each([0, -1, -1762171200, Number.NaN, Number.POSITIVE_INFINITY, 1, 1e30])('but %d is no time', (value) => {
    expect(read(value)).toBeNull();
  });
});

test('times outside of the years 2000 to 2100 are none, however they are written', () => {
  expect(read(FIRST_MS)).toBe('2000-01-01T00:00:00.000Z');
  expect(read(FIRST_MS - 1)).toBeNull();
  expect(read(LAST_MS)).toBe('2100-12-31T23:59:59.999Z');
  expect(read(LAST_MS + 1)).toBeNull();
  expect(read('2000-01-01T00:00:00.000Z')).toBe('2000-01-01T00:00:00.000Z');
  expect(read('1999-12-31T23:59:59.999Z')).toBeNull();
  expect(read('2100-12-31T23:59:59.999Z')).toBe('2100-12-31T23:59:59.999Z');
  expect(read('2101-01-01T00:00:00.000Z')).toBeNull();
  expect(read('2000-01-01T00:30:00+01:00')).toBeNull();
});

describe('where clocks are changed', () => {
  /** Each zone’s spring and autumn of 2025, on both sides of the equator; Lord Howe changes by half an hour only. */
  test.each([
    ['Europe/Berlin', '2025-03-30T01:59:59', '2025-03-30T00:59:59.000Z'],
    ['Europe/Berlin', '2025-03-30T03:00:00', '2025-03-30T01:00:00.000Z'],
    ['America/New_York', '2025-03-09T01:59:59', '2025-03-09T06:59:59.000Z'],
    ['America/New_York', '2025-03-09T03:00:00', '2025-03-09T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2025-10-05T01:59:59', '2025-10-04T15:29:59.000Z'],
    ['Australia/Lord_Howe', '2025-10-05T02:30:00', '2025-10-04T15:30:00.000Z'],
    ['Europe/Berlin', '2025-10-26T01:59:59', '2025-10-25T23:59:59.000Z'],
    ['Europe/Berlin', '2025-10-26T03:00:00', '2025-10-26T02:00:00.000Z'],
    ['America/New_York', '2025-11-02T02:00:00', '2025-11-02T07:00:00.000Z'],
    ['Australia/Lord_Howe', '2025-04-06T02:00:00', '2025-04-05T15:30:00.000Z'],
  ])('%s, %s is %s: the times just before and after are by the clock', (zone, wall, instant) => {
    expect(read(wall, zone)).toBe(instant);
  });

  test.each([
    ['Europe/Berlin', '2025-03-30T02:30:00', '2025-03-30T01:30:00.000Z'],
    ['America/New_York', '2025-03-09T02:30:00', '2025-03-09T07:30:00.000Z'],
    ['Australia/Lord_Howe', '2025-10-05T02:15:00', '2025-10-04T15:45:00.000Z'],
  ])('%s, %s: a time in the gap that no clock shows goes by the offset before it', (zone, wall, instant) => {
    expect(read(wall, zone)).toBe(instant);
  });

  test.each([
    ['Europe/Berlin', '2025-10-26T02:30:00', '2025-10-26T00:30:00.000Z'],
    ['America/New_York', '2025-11-02T01:30:00', '2025-11-02T05:30:00.000Z'],
    ['Australia/Lord_Howe', '2025-04-06T01:45:00', '2025-04-05T14:45:00.000Z'],
  ])('%s, %s: of a time that clocks show twice the first is meant', (zone, wall, instant) => {
    expect(read(wall, zone)).toBe(instant);
  });

  test('every other wall time is the instant at which the zone’s clocks show it', () => {
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const hour = fc.integer({ min: Date.UTC(2024, 0, 1) / 1000, max: Date.UTC(2027, 0, 1) / 1000 });
    fc.assert(
      fc.property(zone, hour, (timeZone, seconds) => {
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
        const wall = shown.format(seconds * 1000);
        const again = epochMsOf(read(wall, timeZone) ?? '');
        expect(shown.format(again)).toBe(wall);
        expect(again).toBeLessThanOrEqual(seconds * 1000);
      }),
    );
  });
});
