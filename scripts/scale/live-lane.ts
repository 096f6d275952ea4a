import { EVENTS_PER_RUN, liveRunOf } from '../cost/load.ts';
import { processorOf, UPDATES_AT_ONCE } from '../cost/loaded-usage.ts';
import { assumed, measured } from '../cost/measured.ts';
import type { StackFacts } from '../cost/stack-facts.ts';
import { bounds } from './bounds.ts';
import { ingestDemand } from './ingest.ts';
import type { Rate, Shape } from './shape.ts';

/** What one second of such a rate asks of tracking, of the live table and of the clock. */
export interface LiveDemand {
  readonly trackersAtOnce: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  /** Writes of the index entries of open runs, which share one partition key, as do those of all runs by start. */
  readonly openIndexWrites: number;
  readonly startIndexWrites: number;
  /** Runs that get their first event of a new day in the first landings after midnight: each counts up one item. */
  readonly dateChanges: number;
  /** Seconds that one check of the clock takes, which comes every minute. */
  readonly clockSeconds: number;
}

/** Each action of a transaction is two units: recorded 3, tracked 4. */
const UNITS_PER_OBJECT = 2 * (3 + 4);
const CLOCK_SECONDS = 60;

export function liveDemand(rate: Rate, shape: Shape, facts: StackFacts): LiveDemand {
  const { objects, landingSeconds } = ingestDemand(rate, shape, facts);
  const live = liveRunOf(shape, landingSeconds);
  const processor = processorOf(facts.functions.LiveLaneTrackRuns?.memoryGb ?? 1);
  const secondsBetweenEvents = (shape.minutes * 60) / EVENTS_PER_RUN;
  const checkSeconds = (2 / bounds.runsPerPage + 1 / bounds.clockUpdatesAtOnce) * assumed.updateSeconds;
  return {
    trackersAtOnce:
      (rate.events * measured.trackMicroseconds * 1e-6) / processor +
      ((rate.runs * live.readUnits) / UPDATES_AT_ONCE) * assumed.updateSeconds +
      (objects * assumed.warmMs) / 1000,
    writeUnits: rate.runs * live.writeUnits + objects * UNITS_PER_OBJECT,
    readUnits: rate.runs * live.readUnits,
    // An entry that appears or goes is one write; one that moves is two.
    openIndexWrites: rate.runs * (2 + 2 * live.checks),
    startIndexWrites: rate.runs,
    dateChanges: rate.openRuns / Math.max(landingSeconds, secondsBetweenEvents),
    clockSeconds: rate.runs * live.checks * CLOCK_SECONDS * checkSeconds,
  };
}
