/**
 * A duration in units of its field, as tools write one: a number, a text of one, `HH:MM:SS` with a fraction perhaps, or
 * ISO 8601 (`PT1H2M3.5S`). Seconds, for texts that name their units. Undefined: it is none of these.
 */
export function parseDuration(value: unknown): { readonly amount: number; readonly isSeconds: boolean } | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? { amount: value, isSeconds: false } : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return { amount: Number(text), isSeconds: false };
  const [, days, hours, minutes, seconds] = CLOCK.exec(text) ?? ISO.exec(text) ?? [];
  if (days === undefined && hours === undefined && minutes === undefined && seconds === undefined) return undefined;
  const inMinutes = (Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0);
  return { amount: inMinutes * 60 + Number(seconds ?? 0), isSeconds: true };
}

/** `1 day, 2:03:04.5`, as Python prints a timedelta, and `02:03:04`. */
const CLOCK = /^(?:(\d{1,6}) days?,? )?(\d{1,6}):([0-5]\d):([0-5]\d(?:\.\d{1,9})?)$/;
const ISO = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?$/;
