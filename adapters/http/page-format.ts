/** 1234567 as `1,234,567`. */
export const countShown = (count: number): string => count.toLocaleString('en-US');

/** `2025-11-05T10:22:31.123Z` as `2025-11-05 10:22:31`; anything else as it is. */
export function instantShown(instant: string | null): string {
  if (instant === null) return '–';
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(instant) ?? [];
  return day === undefined ? instant : `${day} ${time}`;
}

/** The two largest units, `4 m 12 s`; below a minute one decimal, below a second milliseconds. */
export function durationShown(durationMs: number | null): string {
  if (durationMs === null) return '–';
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(Math.floor(durationMs / 100) / 10).toFixed(1)} s`;
  const seconds = Math.floor(durationMs / 1000);
  const units = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  return units
    .slice(first, first + 2)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** How a status looks. A word that is not known looks like nothing in particular, and never reaches a class name. */
export function toneOf(status: string): string {
  switch (status) {
    case 'SUCCESS':
      return 'good';
    case 'FAILED':
    case 'TIMED_OUT':
    case 'LOST':
      return 'bad';
    case 'RETRY':
    case 'SUSPECT':
      return 'doubtful';
    case 'RUNNING':
      return 'live';
    default:
      return 'quiet';
  }
}
