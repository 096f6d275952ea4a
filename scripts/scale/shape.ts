import { EVENTS_PER_RUN } from '../cost/load.ts';
import { MINUTES_PER_MONTH } from '../cost/stack-facts.ts';

/** How a month's events come: in which runs, and how unevenly. */
export interface Shape {
  readonly steps: number;
  readonly minutes: number;
  readonly promisedSeconds: number;
  readonly eventsPerRecord: number;
  readonly recordsPerCall: number;
  /** Events of the busiest hour of a day, divided by those of its mean hour. */
  readonly peakToMean: number;
  /** Which hour of the day that is, UTC. */
  readonly peakHour: number;
  /** Of a hundred runs, how many fail. */
  readonly failedPerHundred: number;
}

/** Nightly batches whose runs each send for themselves, as the clients do unless told otherwise. */
export const usualShape: Shape = {
  ...{ steps: 4, minutes: 10, promisedSeconds: 60 },
  ...{ eventsPerRecord: 1, recordsPerCall: 1 },
  ...{ peakToMean: 5, peakHour: 2, failedPerHundred: 1 },
};

/** What comes in one second. */
export interface Rate {
  readonly events: number;
  readonly runs: number;
  /** Runs under way at a time. */
  readonly openRuns: number;
}

export const rateOf = (eventsPerSecond: number, { minutes }: Shape): Rate => {
  const runs = eventsPerSecond / EVENTS_PER_RUN;
  return { events: eventsPerSecond, runs, openRuns: runs * minutes * 60 };
};

export const meanRate = (eventsPerMonth: number, shape: Shape): Rate =>
  rateOf(eventsPerMonth / (MINUTES_PER_MONTH * 60), shape);

/** In the busiest hour. */
export const peakRate = (eventsPerMonth: number, shape: Shape): Rate =>
  rateOf((eventsPerMonth / (MINUTES_PER_MONTH * 60)) * shape.peakToMean, shape);

const HOURS = 24;

/** Events a second in each hour of a day: the busiest as the shape says, the others alike. */
export function hourlyRates(eventsPerMonth: number, shape: Shape): readonly number[] {
  const mean = meanRate(eventsPerMonth, shape).events;
  const usual = (mean * (HOURS - shape.peakToMean)) / (HOURS - 1);
  return Array.from({ length: HOURS }, (_, hour) => (hour === shape.peakHour ? mean * shape.peakToMean : usual));
}
