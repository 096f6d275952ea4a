import type { StackFacts } from '../cost/stack-facts.ts';
import { MINUTES_PER_MONTH } from '../cost/stack-facts.ts';
import { bounds } from './bounds.ts';
import { arrivals, doneBy, type Lag, lagOf, type Worker, work } from './day.ts';
import { stagesOf } from './history-lane.ts';
import { ingestDemand } from './ingest.ts';
import { hourlyRates, peakRate, rateOf, type Shape } from './shape.ts';

const DAYS = 3;
const DAY_SECONDS = 86_400;

/** How far behind the tables are over a day. */
export interface TablesLag extends Lag {
  /** False when every day leaves more undone than the one before. */
  readonly keepsUp: boolean;
}

export const compactEverySeconds = (facts: StackFacts): number =>
  (MINUTES_PER_MONTH / (facts.calls.HistoryLaneCompactEvents ?? 1)) * 60;

/** Seconds after its start from which a stage takes no new work. */
export const tickSeconds = (facts: StackFacts): number =>
  (facts.functions.HistoryLaneCompactEvents?.timeoutSeconds ?? 900) - bounds.reservedSeconds;

/** Simulates days on which the stages do what they do at each tick: how long do the tables wait for an event? */
export function tablesLag(eventsPerMonth: number, shape: Shape, facts: StackFacts): TablesLag {
  const rates = hourlyRates(eventsPerMonth, shape);
  const arrived = arrivals(rates);
  const dayRows = (atSecond: number) => arrived(atSecond) - arrived(Math.floor(atSecond / DAY_SECONDS) * DAY_SECONDS);
  const stagesAt = (atSecond: number) => {
    const rate = rateOf(rates[Math.floor((atSecond % DAY_SECONDS) / 3600)] ?? 0, shape);
    return stagesOf(rate, ingestDemand(rate, shape, facts).objects, shape);
  };
  const everySeconds = compactEverySeconds(facts);
  const ticks = Array.from(
    { length: Math.floor((DAYS * DAY_SECONDS) / everySeconds) },
    (_, tick) => tick * everySeconds,
  );
  const peak = peakRate(eventsPerMonth, shape);
  const atPeak = stagesOf(peak, ingestDemand(peak, shape, facts).objects, shape);
  const worker = (stage: 'compact' | 'summarize', calls: readonly number[]): Worker => ({
    eventsPerTake: atPeak[stage].eventsPerTake,
    secondsOf: (events, at) => stagesAt(at)[stage].secondsOf(events, dayRows(at)),
    calls: [...calls].sort((a, b) => a - b),
    worksForSeconds: tickSeconds(facts),
  });
  const compacted = work(worker('compact', ticks), arrived);
  // The schedule calls, and so does the end of each compaction.
  const summarized = work(worker('summarize', [...ticks, ...compacted.ends]), doneBy(compacted));
  const left = (day: number) => arrived(day * DAY_SECONDS) - doneBy(summarized)(day * DAY_SECONDS);
  const lag = lagOf(summarized, arrived, (DAYS - 1) * DAY_SECONDS, 2 * everySeconds);
  return {
    ...lag,
    lateUntilSecond: lag.lateUntilSecond === undefined ? undefined : lag.lateUntilSecond - (DAYS - 1) * DAY_SECONDS,
    keepsUp: left(DAYS) <= left(DAYS - 1) * 1.01 + 1,
  };
}
