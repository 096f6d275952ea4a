import { dateOf, epochMsOf, instantOf } from '../core/instant.ts';
import type { RunDates } from '../core/objects/data-object.ts';
import type { RunIndex } from '../core/ports/live-runs.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { checkTimesOf } from '../core/run/next-checks.ts';
import { MAX_LIVE_DATES, merge, mergeInto, type Run, runOf } from '../core/run/run.ts';
import { type RunState, viewOf } from '../core/run/run-view.ts';
import { hasEnded } from '../core/run/work-view.ts';
import type { Event } from '../core/schema/event.ts';

/** What a batch of events adds to the live runs. */
export interface RunFold {
  add(event: Event): void;
  /** One run for each key so far. */
  runs(): readonly Run[];
  /** The dates that the events bear, sorted. */
  eventDates(): readonly string[];
}

/** Joins events into one run each, in memory, as they come. */
export function startFold(): RunFold {
  const runs = new Map<string, Run>();
  const dates = new Set<string>();
  return {
    add: (event) => {
      dates.add(event.event_date);
      const key = `${event.environment}\0${event.process_name}\0${event.run_id}`;
      const run = runs.get(key);
      if (run === undefined) runs.set(key, runOf(event));
      else mergeInto(run, runOf(event));
    },
    runs: () => [...runs.values()],
    eventDates: () => [...dates].sort(),
  };
}

export function foldRuns(events: Iterable<Event>): readonly Run[] {
  const fold = startFold();
  for (const event of events) fold.add(event);
  return fold.runs();
}

/**
 * Merges runs into the live store and tells the dates that SQL will need to derive the same runs from the lake. A
 * change that is only a heartbeat, younger than a third of the lease, is not written: the next one brings it.
 */
export async function trackRuns(live: LiveStore, runs: readonly Run[]): Promise<RunDates> {
  const logDates = new Set<string>();
  const runDates = new Set<string>();
  await live.updateRuns(runs, (stored, arriving) => {
    const run = stored === undefined ? arriving : merge(stored, arriving);
    const view = viewOf(run).run;
    for (const date of logDatesOf(run)) logDates.add(date);
    if (view.run_date) runDates.add(view.run_date);
    if (stored !== undefined) {
      runDates.add(viewOf(stored).run.run_date ?? dateOf(stored.first_event_at));
      if (isHeartbeatOnly(stored, run)) return undefined;
    }
    return { run, index: indexOf(run, view) };
  });
  return { log_dates: [...logDates].sort(), run_dates: [...runDates].sort() };
}

/** What a run is found by. */
export const indexOf = (run: Run, view: RunState = viewOf(run).run): RunIndex => ({
  open: !hasEnded(view.status ?? 'RUNNING'),
  start_time: view.start_time ?? run.first_event_at,
  check_times: checkTimesOf(view),
});

/** Where the lake holds a run's events; beyond the bound of a live run, every date between the first and the last. */
export function logDatesOf(run: Run): readonly string[] {
  if (run.event_dates.length < MAX_LIVE_DATES) return run.event_dates;
  const dates: string[] = [];
  const lastMs = epochMsOf(run.last_event_at);
  for (let atMs = epochMsOf(`${dateOf(run.first_event_at)}T00:00:00.000Z`); atMs <= lastMs; atMs += 86_400_000) {
    dates.push(dateOf(instantOf(atMs)));
  }
  return dates;
}

const MIN_LEASE_MS = 60_000;

function isHeartbeatOnly(stored: Run, run: Run): boolean {
  const quietMs = epochMsOf(run.last_event_at) - epochMsOf(stored.last_event_at);
  if (quietMs * 3 >= (stored.lease_ms ?? MIN_LEASE_MS)) return false;
  return JSON.stringify(withoutLiveness(run)) === JSON.stringify(withoutLiveness(stored));
}

/** What a heartbeat does not change: a description that is only said again is none. */
const withoutLiveness = ({ last_event_at, described, ...rest }: Run) => [
  rest,
  Object.entries(described)
    .map(([name, [, , value]]) => [name, value])
    .sort(),
];
