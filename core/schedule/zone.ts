import { epochMsOf, type Instant, instantOf } from '../instant.ts';
import { cronTimes } from './cron.ts';

/** Making a format costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** Whether the runtime knows this IANA zone. */
export function isZone(zone: string): boolean {
  try {
    return formatOf(zone).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The wall clock in a zone, `YYYY-MM-DD HH:MM`. Throws a RangeError when the zone is unknown. */
export function wallTimeOf(instant: Instant, zone: string): string {
  return formatOf(zone).format(epochMsOf(instant)).replace(', ', ' ');
}

/** The date of the wall clock in a zone, `YYYY-MM-DD`. */
export const localDateOf = (instant: Instant, zone: string): string => wallTimeOf(instant, zone).slice(0, 10);

/** A moment as people of the zone and all others read it: `2025-07-01 04:00 (Europe/Stockholm), 02:00 UTC`. */
export function bothTimesOf(instant: Instant, zone: string): string {
  const [local, utc] = [wallTimeOf(instant, zone), wallTimeOf(instant, 'UTC')];
  if (zone === 'UTC') return `${utc} UTC`;
  return `${local} (${zone}), ${local.slice(0, 10) === utc.slice(0, 10) ? utc.slice(11) : utc} UTC`;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  formats.set(zone, made);
  return made;
}

/** The first moment at or after this one at which the zone's clocks show this time of day, `HH:MM`, or have passed it by being set. */
export function nextTimeOfDay(moment: Instant, time: string, zone: string): Instant | undefined {
  const [hour, minute] = time.split(':').map(Number);
  return cronTimes(`${minute} ${hour} * * *`, zone).after(instantOf(epochMsOf(moment) - 1));
}
