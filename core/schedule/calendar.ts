/** Monday first, as ISO 8601 numbers them. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** The days on which something is expected. Every date is a local one, `YYYY-MM-DD`, in the schedule's zone. */
export interface Calendar {
  /** @default every day of the week */
  readonly weekdays?: readonly Weekday[] | undefined;
  /** Only these days, whatever the day of the week. */
  readonly dates?: readonly string[] | undefined;
  /** Not on these days: holidays, and exceptions. */
  readonly except?: readonly string[] | undefined;
  /** Only on the last day of each month that the rest allows. */
  readonly last_of_month?: boolean | undefined;
}

/** Whether the calendar has this day, `YYYY-MM-DD`. */
export function hasDay(calendar: Calendar, date: string): boolean {
  if (!allows(calendar, date)) return false;
  if (!calendar.last_of_month) return true;
  for (let next = dayAfter(date); next.slice(0, 7) === date.slice(0, 7); next = dayAfter(next)) {
    if (allows(calendar, next)) return false;
  }
  return true;
}

function allows({ weekdays, dates, except }: Calendar, date: string): boolean {
  if (except?.includes(date)) return false;
  if (dates !== undefined) return dates.includes(date);
  return weekdays === undefined || weekdays.includes(weekdayOf(date));
}

export const weekdayOf = (date: string): Weekday =>
  WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7] as Weekday;

const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const dayAfter = (date: string): string => daysAfter(date, 1);
export const dayBefore = (date: string): string => daysAfter(date, -1);
