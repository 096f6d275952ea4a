/** The public holidays of countries. */
export interface Holidays {
  /** Dates, `YYYY-MM-DD` in the country's own time, for some years around now; undefined when the country is not known. */
  datesOf(country: string): readonly string[] | undefined;
}
