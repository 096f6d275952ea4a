/** One line of a chart: a value for each moment, null where there is none. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** The name of a colour of the page: `--fill-good`. */
  readonly colour: string;
  readonly shape?: 'line' | 'points' | 'bars' | 'dashed' | 'edge';
}
