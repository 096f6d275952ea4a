import { type LiveRun, liveRuns } from './live-runs.ts';
import { measured } from './measured.ts';
import { MINUTES_PER_MONTH, type StackFacts } from './stack-facts.ts';

/** What is sent in a month, and how the ledger is set. */
export interface Load {
  readonly events: number;
  readonly eventsPerRecord: number;
  readonly steps: number;
  readonly minutes: number;
  /** How often runs promise to beat, in seconds; 0 when they promise nothing. */
  readonly promisedSeconds: number;
  readonly flushSeconds: number;
  readonly compactEveryMinutes: number;
}

export const EVENTS_PER_RUN = 50;

/** Seconds from one landing to the next: a full buffer lands sooner than the clock does. */
export const landingSeconds = (eventsPerSecond: number, flushSeconds: number, facts: StackFacts): number =>
  Math.min(flushSeconds, facts.landingBufferBytes / (eventsPerSecond * measured.landedBytes));

export const eventsPerSecond = ({ events }: Load): number => events / (MINUTES_PER_MONTH * 60);

/**
 * What is measured of a run of this shape whose events land so often: the nearest that landed as often or more often, so
 * that nothing is counted too low; the most often measured, when they land more often still.
 */
export function liveRunOf(
  { steps, minutes, promisedSeconds }: Pick<Load, 'steps' | 'minutes' | 'promisedSeconds'>,
  landedEverySeconds: number,
): LiveRun {
  const alike = liveRuns
    .filter((each) => each.steps === steps && each.minutes === minutes && each.promisedSeconds === promisedSeconds)
    .toSorted((a, b) => a.flushSeconds - b.flushSeconds);
  const least = alike[0];
  const found = alike.findLast(({ flushSeconds }) => flushSeconds <= landedEverySeconds) ?? least;
  if (found === undefined || (found === least && found.flushSeconds > 5 && found.flushSeconds > landedEverySeconds))
    throw new Error(
      `expected a measured run of ${steps} steps in ${minutes} minutes that promises ${promisedSeconds} s and lands every ` +
        `${landedEverySeconds.toFixed(0)} s, but got none; add it to bench/volumes.ts`,
    );
  return found;
}
