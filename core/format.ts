/*
 * How numbers and times read, in the same way on every screen: terminal, page and notice. What is not known is a dash.
 */

/** Stands where a value is not known. */
export const UNKNOWN = '–';

/** 1234567 as `1,234,567`. */
export const countShown = (count: number | null): string => (count === null ? UNKNOWN : count.toLocaleString('en-US'));

/** A count and its noun: `1 line`, `2,000 lines`. */
export const counted = (count: number, noun: string): string => `${countShown(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A duration in its two largest units: `850 ms`, `1.2 s`, `4 min 10 s`, `1 h`, `2 d 4 h`. Cut, never rounded up. */
export function durationShown(durationMs: number | null): string {
  if (durationMs === null) return UNKNOWN;
  if (durationMs < 1000) return `${Math.floor(durationMs)} ms`;
  if (durationMs < 60_000) return `${(Math.floor(durationMs / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(durationMs / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  const largest = units.findIndex(([count]) => count > 0);
  return units
    .slice(largest, largest + 2)
    .flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : []))
    .join(' ');
}

/** `2025-11-05T10:22:31.123Z` as `2025-11-05 10:22:31`, UTC; any other text as it is. */
export function instantShown(instant: string | null): string {
  if (instant === null) return UNKNOWN;
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(instant) ?? [];
  return day === undefined ? instant : `${day} ${time}`;
}
