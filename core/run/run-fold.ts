import type { Event } from '../schema/event.ts';
import { mergeInto, type Run, runKeyOf } from './run.ts';
import { runOf } from './run-of.ts';

/** What a batch of events adds to the live runs. */
export interface RunFold {
  add(event: Event): void;
  /** One run for each key so far. */
  runs(): readonly Run[];
  /** The dates of the events so far, `YYYY-MM-DD`, sorted. */
  eventDates(): readonly string[];
}

/** Joins events into one run each, in memory, as they come. */
export function startFold(): RunFold {
  const runs = new Map<string, Run>();
  const dates = new Set<string>();
  return {
    add: (event) => {
      dates.add(event.event_date);
      const key = runKeyOf(event);
      const run = runs.get(key);
      if (run === undefined) runs.set(key, runOf(event));
      else mergeInto(run, runOf(event));
    },
    runs: () => [...runs.values()],
    eventDates: () => [...dates].sort(),
  };
}

/** The runs of these events, one for each key. */
export function foldRuns(events: Iterable<Event>): readonly Run[] {
  const fold = startFold();
  for (const event of events) fold.add(event);
  return fold.runs();
}
