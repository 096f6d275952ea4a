/** What the live lane does for one run of 50 events. */
export interface LiveRun {
  readonly steps: number;
  readonly minutes: number;
  readonly flushSeconds: number;
  /** How often it promises to beat; 0 when it promises nothing. */
  readonly promisedSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Of the writes, how many the clock made: a promise makes it plan the run's next check again and again. */
  readonly checks: number;
  readonly storedBytes: number;
}

/** The fields in their order, as `npm run bench -- volumes` printed them. What is no event of a step is a heartbeat. */
const rows = [
  [4, 1, 60, 0, 4, 1, 0, 1160],
  [4, 1, 300, 0, 4, 1, 0, 1160],
  [4, 10, 60, 0, 18, 10, 0, 1160],
  [4, 10, 300, 0, 7, 2, 0, 1160],
  [4, 60, 60, 0, 81, 52, 1, 1200],
  [4, 60, 300, 0, 25, 14, 1, 1200],
  [24, 1, 60, 0, 6, 1, 0, 3190],
  [24, 1, 300, 0, 6, 1, 0, 3190],
  [24, 10, 60, 0, 29, 10, 0, 3170],
  [24, 10, 300, 0, 10, 2, 0, 3170],
  [24, 60, 60, 0, 130, 52, 1, 3260],
  [24, 60, 300, 0, 39, 14, 1, 3270],
  [4, 1, 60, 60, 4, 1, 0, 1140],
  [4, 10, 60, 60, 25, 12, 2, 1160],
  [4, 60, 60, 60, 144, 70, 19, 1200],
  [4, 10, 5, 0, 73, 50, 0, 1150],
  [4, 10, 15, 0, 60, 40, 0, 1150],
  [4, 10, 30, 0, 32, 20, 0, 1150],
  [4, 10, 5, 60, 79, 52, 2, 1160],
  [4, 10, 15, 60, 66, 42, 2, 1160],
  [4, 10, 30, 60, 39, 22, 2, 1160],
] as const;

export const liveRuns: readonly LiveRun[] = rows.map(
  ([steps, minutes, flushSeconds, promisedSeconds, writeUnits, readUnits, checks, storedBytes]) => ({
    ...{ steps, minutes, flushSeconds, promisedSeconds },
    ...{ writeUnits, readUnits, checks, storedBytes },
  }),
);
