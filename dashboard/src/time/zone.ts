/** Making a format costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(zone, made);
  return made;
}

/** The wall clock in a zone, `YYYY-MM-DD HH:MM:SS`. */
export const wallOf = (epochMs: number, zone: string): string => formatOf(zone).format(epochMs).replace(', ', ' ');

export function isZone(zone: string): boolean {
  try {
    return formatOf(zone) !== undefined;
  } catch {
    return false;
  }
}

/** How far the zone's clocks are ahead of UTC at a moment. */
const offsetMs = (epochMs: number, zone: string): number =>
  Date.parse(`${wallOf(epochMs, zone).replace(' ', 'T')}Z`) - Math.floor(epochMs / 1000) * 1000;

/** The moment at which a date begins in a zone. */
export function startOfDay(date: string, zone: string): number {
  const wallMs = Date.parse(`${date}T00:00:00Z`);
  const guess = wallMs - offsetMs(wallMs, zone);
  const start = wallMs - offsetMs(guess, zone);
  // Where clocks were set at midnight, the first moment that bears the date.
  return wallOf(start, zone).startsWith(date) ? start : start + 3_600_000;
}

/** The date of a moment in a zone, `YYYY-MM-DD`. */
export const dateIn = (epochMs: number, zone: string): string => wallOf(epochMs, zone).slice(0, 10);

/** The date so many days later. */
export const dateAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

/** `14:02` of today, `Mo 14:02`… nothing a reader has to think about: the time today, else the date and the time. */
export function whenShown(epochMs: number, zone: string, now: number): string {
  const wall = wallOf(epochMs, zone);
  if (wall.slice(0, 10) === dateIn(now, zone)) return wall.slice(11);
  return wall.slice(0, 4) === dateIn(now, zone).slice(0, 4) ? wall.slice(5, 16) : wall.slice(0, 16);
}

/** Both times in full: `2026-07-01 04:00:00 (Europe/Stockholm) · 2026-07-01 02:00:00 UTC`. */
export function bothShown(epochMs: number, zone: string): string {
  const utc = `${wallOf(epochMs, 'UTC')} UTC`;
  return zone === 'UTC' ? utc : `${wallOf(epochMs, zone)} (${zone}) · ${utc}`;
}
