/**
 * An instant as text: `YYYY-MM-DDTHH:MM:SS.sssZ`, UTC, truncated (never rounded) to milliseconds, from the year 2000 to
 * the year 2100 inclusive. Text of this form sorts by time, in JavaScript and on every engine.
 */
export type Instant = string;

export interface ParsedInstant {
  readonly instant: Instant;
  /** The text named no zone, so it was read in the configured one. */
  readonly zoneAssumed: boolean;
}

const CANONICAL = /^(20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;
const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)? ?(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;
const DIGITS = /^\d{9,19}$/;

/**
 * Reads an instant as producers write it: ISO 8601 with `T` or a space, with or without seconds, fraction and zone; a
 * date alone (its midnight); or a number of seconds, milliseconds, microseconds or nanoseconds since 1970, whose size
 * decides the unit. `zone` is the IANA zone of texts without one. Returns null for anything else (such as a time of day
 * alone) and for times outside 2000–2100. Throws a RangeError when `zone` is not an IANA zone and the text needs it.
 */
export function parseInstant(value: unknown, zone: string): ParsedInstant | null {
  if (typeof value === 'string') {
    if (value.length === 24 && CANONICAL.test(value) && isRealDay(value)) return { instant: value, zoneAssumed: false };
    const text = value.trim();
    if (DIGITS.test(text)) return fromEpoch(Number(text));
    return fromWritten(text, zone);
  }
  return typeof value === 'number' ? fromEpoch(value) : null;
}

/** Milliseconds since 1970 as an instant. Throws a RangeError when no date is that far from 1970. */
export const instantOf = (epochMs: number): Instant => new Date(epochMs).toISOString();
/** The end of the year 9999: text of a later instant would be longer, and would sort before. */
const LAST_MS = 253_402_300_799_999;

/** An instant this much later; undefined when that is beyond the year 9999. */
export function instantAfter(instant: Instant, ms: number): Instant | undefined {
  const epochMs = epochMsOf(instant) + ms;
  return epochMs < LAST_MS ? instantOf(epochMs) : undefined;
}
/** Milliseconds since 1970. */
export const epochMsOf = (instant: Instant): number => Date.parse(instant);
/** The UTC date of an instant: `YYYY-MM-DD`. */
export const dateOf = (instant: Instant): string => instant.slice(0, 10);

/** 1e11 s is the year 5138, and 1e11 ms is 1973: no number between 2000 and 2100 fits two units. */
function fromEpoch(value: number): ParsedInstant | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  if (value < 1e11) return inRange(value * 1000);
  if (value < 1e14) return inRange(value);
  if (value < 1e17) return inRange(value / 1000);
  return inRange(value / 1e6);
}

function fromWritten(text: string, zone: string): ParsedInstant | null {
  const match = WRITTEN.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', offset] = match;
  const millis = fraction.slice(0, 3).padEnd(3, '0');
  const wall = `${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}Z`;
  const wallMs = Date.parse(wall);
  // Date.parse takes 31 February for 3 March: only a text that comes back unchanged names a real time.
  if (Number.isNaN(wallMs) || instantOf(wallMs) !== wall) return null;
  if (offset === undefined) {
    const parsed = inRange(wallMs - zoneOffsetMs(wallMs, zone));
    return parsed && { ...parsed, zoneAssumed: true };
  }
  return inRange(wallMs - writtenOffsetMs(offset));
}

/** 946,684,800,000 is 2000-01-01, 4,133,980,800,000 is 2101-01-01. */
function inRange(epochMs: number): ParsedInstant | null {
  const truncated = Math.floor(epochMs);
  if (!(truncated >= 946_684_800_000 && truncated < 4_133_980_800_000)) return null;
  return { instant: instantOf(truncated), zoneAssumed: false };
}

function isRealDay(canonical: string): boolean {
  if (canonical < '2000' || canonical >= '2101') return false;
  const day = canonical.slice(8, 10);
  return day <= '28' || instantOf(Date.parse(canonical)) === canonical;
}

function writtenOffsetMs(offset: string): number {
  if (!/^[+-]/.test(offset)) return 0;
  const sign = offset.startsWith('-') ? -1 : 1;
  const digits = offset.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || '0')) * 60_000;
}

/**
 * How far the zone's clocks are ahead of UTC at this wall time. When clocks are set, a wall time may occur twice or
 * never; it is then read with the offset that was in force before the change.
 */
function zoneOffsetMs(wallMs: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const offsetAt = (epochMs: number): number => {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(epochMs);
    const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - Math.floor(epochMs / 1000) * 1000;
  };
  const before = offsetAt(wallMs - 86_400_000);
  return offsetAt(wallMs - before) === before ? before : offsetAt(wallMs - offsetAt(wallMs - before));
}
