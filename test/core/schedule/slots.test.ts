import { describe, expect, test } from 'vitest';
import { CronError, cronTimes } from '../../../core/schedule/cron.ts';
import { slotsOf } from '../../../core/schedule/schedule.ts';
import { wallTimeOf } from '../../../core/schedule/zone.ts';

const between = (cron: string, timezone: string, from: string, until: string) =>
  slotsOf({ cron, timezone }).between(`${from}T00:00:00.000Z`, `${until}T00:00:00.000Z`, 1000);

describe('slots on the days when clocks are set', () => {
  test.each([
    ['Europe/Stockholm', '30 2 * * *', '2026-03-28', '2026-03-31', ['03-28T01:30', '03-29T01:00', '03-30T00:30']],
    ['Europe/Stockholm', '30 2 * * *', '2026-10-24', '2026-10-27', ['10-24T00:30', '10-25T00:30', '10-26T01:30']],
    ['America/New_York', '30 2 * * *', '2026-03-07', '2026-03-10', ['03-07T07:30', '03-08T07:00', '03-09T06:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31', '2026-11-03', ['10-31T05:30', '11-01T05:30', '11-02T06:30']],
    ['Australia/Lord_Howe', '15 2 * * *', '2026-10-02', '2026-10-05', ['10-02T15:45', '10-03T15:30', '10-04T15:15']],
    ['Europe/Stockholm', '30 23 * * *', '2026-03-28', '2026-03-30', ['03-28T22:30', '03-29T21:30']],
    // Turkey stopped setting its clocks in 2016.
    ['Europe/Istanbul', '30 3 * * *', '2026-03-28', '2026-03-30', ['03-28T00:30', '03-29T00:30']],
    ['Europe/Istanbul', '30 3 * * *', '2015-03-28', '2015-03-30', ['03-28T01:30', '03-29T01:00']],
  ])('%s, %s from %s: one each day', (timezone, cron, from, until, expected) => {
    expect(between(cron, timezone, from, until).map((slot) => slot.slice(5, 16))).toEqual(expected);
  });

  test('a wildcard goes on in real time: the hour that occurs twice has its slots twice', () => {
    const slots = between('0 * * * *', 'Europe/Stockholm', '2026-10-25', '2026-10-26').slice(0, 4);
    expect(slots.map((slot) => wallTimeOf(slot, 'Europe/Stockholm').slice(11))).toEqual([
      '02:00',
      '02:00',
      '03:00',
      '04:00',
    ]);
  });
});

describe('calendars', () => {
  const daily = { cron: '30 23 * * *', timezone: 'Europe/Stockholm' };
  const days = (slots: readonly string[]) => slots.map((slot) => wallTimeOf(slot, 'Europe/Stockholm').slice(5, 10));

  test('weekdays are those of the local date, though the slot lies on another date in UTC', () => {
    const slots = slotsOf({ ...daily, calendar: { weekdays: ['mon'] } });
    expect(days(slots.between('2026-11-29T00:00:00.000Z', '2026-12-15T00:00:00.000Z', 10))).toEqual([
      '11-30',
      '12-07',
      '12-14',
    ]);
  });

  test('a holiday has no slot', () => {
    const slots = slotsOf({ ...daily, calendar: { except: ['2026-12-24', '2026-12-25'] } });
    expect(days(slots.between('2026-12-23T12:00:00.000Z', '2026-12-27T12:00:00.000Z', 10))).toEqual(['12-23', '12-26']);
  });

  test('the last working day of a month', () => {
    const slots = slotsOf({
      ...daily,
      calendar: { weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'], last_of_month: true },
    });
    expect(days(slots.between('2026-01-01T00:00:00.000Z', '2026-06-01T00:00:00.000Z', 10))).toEqual([
      '01-30',
      '02-27',
      '03-31',
      '04-30',
      '05-29',
    ]);
  });

  test('listed dates alone, a leap day among them', () => {
    const slots = slotsOf({ ...daily, calendar: { dates: ['2028-02-29', '2028-03-01'] } });
    expect(days(slots.between('2028-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z', 10))).toEqual(['02-29', '03-01']);
  });

  test('a calendar without days has no slot, and looking for one ends', () => {
    const slots = slotsOf({ ...daily, calendar: { dates: [] } });
    expect(slots.after('2026-01-01T00:00:00.000Z')).toBeUndefined();
    expect(slots.atOrBefore('2026-01-01T00:00:00.000Z')).toBeUndefined();
  });
});

test('the slot at or before a moment is the moment itself, or the last one before it', () => {
  const slots = slotsOf({ cron: '0 2 1 * *', timezone: 'UTC' });
  expect(slots.atOrBefore('2026-05-01T02:00:00.000Z')).toBe('2026-05-01T02:00:00.000Z');
  expect(slots.atOrBefore('2026-05-01T01:59:59.999Z')).toBe('2026-04-01T02:00:00.000Z');
});

test('every so often counts from 1970 in UTC', () => {
  const slots = slotsOf({ every_ms: 900_000, timezone: 'UTC' });
  expect(slots.after('2026-05-01T02:00:00.000Z')).toBe('2026-05-01T02:15:00.000Z');
  expect(slots.atOrBefore('2026-05-01T02:14:59.999Z')).toBe('2026-05-01T02:00:00.000Z');
});

describe('cron expressions', () => {
  const first = (expression: string) => cronTimes(expression, 'UTC').after('2026-01-01T00:00:00.000Z')?.slice(0, 16);

  test.each([
    ['0 2 * * *', '2026-01-01T02:00'],
    ['@daily', '2026-01-02T00:00'],
    ['0 2 29 2 *', '2028-02-29T02:00'],
    ['0 2 L * *', '2026-01-31T02:00'],
    ['0 2 * * 5#2', '2026-01-09T02:00'],
    // Quartz: Sunday is 1.
    ['0 15 10 ? * 2', '2026-01-05T10:15'],
    ['0 15 10 ? * MON-FRI', '2026-01-01T10:15'],
    ['0 0/15 * * * ?', '2026-01-01T00:15'],
    ['0 0 2 ? * 6#2 *', '2026-01-09T02:00'],
  ])('%s', (expression, expected) => {
    expect(first(expression)).toBe(expected);
  });

  test.each([
    ['0 2 31 2 *', 'names a time that never comes'],
    ['* * * * * *', 'but got 6 fields'],
    ['* * * * * ?', 'expected a number of seconds first'],
    ['0 0 2 ? * 2 2027', 'expected a Quartz expression without a year'],
    ['61 * * * *', 'Invalid value for minute: 61'],
    ['', 'expected five fields'],
    ['every day', 'expected five fields'],
  ])('%j is refused', (expression, why) => {
    expect(() => cronTimes(expression, 'UTC')).toThrow(CronError);
    expect(() => cronTimes(expression, 'UTC')).toThrow(why);
  });
});
