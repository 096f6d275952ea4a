import { expect, test } from 'vitest';
import { clockAheadMs, noteDate, nowMs } from '../../dashboard/src/time/clock.ts';
import { mostNamedZone } from '../../dashboard/src/time/most-named-zone.ts';
import { bothShown, dateAfter, dateIn, isZone, startOfDay, whenShown } from '../../dashboard/src/time/zone.ts';

const at = (instant: string) => Date.parse(instant);

test.each([
  ['2026-11-30', 'UTC', '2026-11-30T00:00:00.000Z'],
  ['2026-11-30', 'Europe/Berlin', '2026-11-29T23:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-11-30', 'Asia/Kolkata', '2026-11-29T18:30:00.000Z'],
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
])('%s begins in %s at %s, whatever the clocks do that day', (date, zone, instant) => {
  expect(new Date(startOfDay(date, zone)).toISOString()).toBe(instant);
});

test('a moment of today is a time, one of this year a day and a time, an older one has its year', () => {
  const now = at('2026-11-30T12:00:00Z');
  expect(whenShown(at('2026-11-30T01:02:03Z'), 'Europe/Berlin', now)).toBe('02:02:03');
  expect(whenShown(at('2026-11-29T22:59:00Z'), 'Europe/Berlin', now)).toBe('11-29 23:59');
  expect(whenShown(at('2025-01-02T03:04:05Z'), 'UTC', now)).toBe('2025-01-02 03:04');
});

test('both times stand beside each other', () => {
  expect(bothShown(at('2026-07-01T02:00:00Z'), 'Europe/Stockholm')).toBe(
    '2026-07-01 04:00:00 (Europe/Stockholm) · 2026-07-01 02:00:00 UTC',
  );
  expect(bothShown(at('2026-07-01T02:00:00Z'), 'UTC')).toBe('2026-07-01 02:00:00 UTC');
});

test('dates are counted by the calendar', () => {
  expect([
    dateAfter('2026-02-28', 1),
    dateAfter('2026-01-01', -1),
    dateIn(at('2026-11-30T23:30:00Z'), 'Europe/Berlin'),
  ]).toEqual(['2026-03-01', '2025-12-31', '2026-12-01']);
  expect([isZone('Europe/Berlin'), isZone('Mars/Base')]).toEqual([true, false]);
});

test('the clock of the ledger counts, and a difference of a moment is none', () => {
  noteDate(new Date(Date.now() + 3_600_000).toUTCString());
  expect(nowMs() - Date.now()).toBeGreaterThan(3_590_000);
  noteDate(new Date().toUTCString());
  expect(clockAheadMs()).toBe(0);
  noteDate('nonsense');
  expect(clockAheadMs()).toBe(0);
});

test('the zone that most schedules name is where the pipelines are at home', () => {
  const at = (timezone?: string) => ({ schedule: timezone === undefined ? undefined : { timezone } });
  expect(mostNamedZone([at('UTC'), at('Asia/Tokyo'), at(), at('Asia/Tokyo')])).toBe('Asia/Tokyo');
  expect([mostNamedZone([at('UTC'), at('Asia/Tokyo')]), mostNamedZone([at()])]).toEqual(['Asia/Tokyo', undefined]);
});
