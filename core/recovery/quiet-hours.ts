import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import { weekdayOf } from '../schedule/calendar.ts';
import { localDateOf, nextTimeOfDay, wallTimeOf } from '../schedule/zone.ts';
import type { QuietHours } from './policy.ts';

const DAY_MS = 86_400_000;

/** The end of the quiet hours that this moment lies in; undefined outside of them. Quiet hours may go over midnight. */
export function quietUntil(quiet: QuietHours | undefined, moment: Instant): Instant | undefined {
  if (quiet === undefined) return undefined;
  const { from, until, timezone = 'UTC', weekdays } = quiet;
  const time = wallTimeOf(moment, timezone).slice(11);
  const isOvernight = until <= from;
  const isWithin = isOvernight ? time >= from || time < until : time >= from && time < until;
  if (!isWithin) return undefined;
  // After midnight they belong to the day on which they began.
  const began = isOvernight && time < until ? instantOf(epochMsOf(moment) - DAY_MS) : moment;
  if (weekdays !== undefined && !weekdays.includes(weekdayOf(localDateOf(began, timezone)))) return undefined;
  return nextTimeOfDay(instantOf(epochMsOf(moment) + 1), until, timezone);
}
