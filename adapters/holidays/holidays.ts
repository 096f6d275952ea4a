import DateHolidays from 'date-holidays';
import type { Instant } from '../../core/instant.ts';
import type { Holidays } from '../../core/ports/holidays.ts';

const YEARS_BACK = 1;
const YEARS_AHEAD = 5;

/** Public holidays as the library date-holidays knows them, from the year before this moment to five years after it. */
export function openHolidays(now: Instant): Holidays {
  const year = Number(now.slice(0, 4));
  return {
    datesOf(country) {
      const [code = '', state, region] = country.toUpperCase().split('-');
      const holidays = new DateHolidays(code, state ?? '', region ?? '');
      const all = Array.from(
        { length: YEARS_BACK + YEARS_AHEAD + 1 },
        (_, at) => holidays.getHolidays(year - YEARS_BACK + at) ?? [],
      );
      const dates = all
        .flat()
        .filter(({ type }) => type === 'public')
        .map(({ date }) => date.slice(0, 10));
      return dates.length === 0 ? undefined : [...new Set(dates)].sort();
    },
  };
}
