import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import { unwrittenMs } from './heartbeat-only.ts';
import { checkTimesOf } from './next-checks.ts';
import { MAX_LIVE_DATES, type Run, wholeRun } from './run.ts';
import { type RunState, viewOf } from './run-view.ts';
import { hasEnded } from './work-view.ts';

/** What a run is found by, computed from its view when it is stored. */
export interface RunIndex {
  readonly open: boolean;
  readonly start_time: Instant;
  /** When its lease runs out, if nothing more is heard of it. */
  readonly silent_at?: Instant | undefined;
  /** When the clock alone changes what an open run's status is, earliest first: see `next-checks.ts`. */
  readonly check_times: readonly Instant[];
}

/** The index of a run. Pass its view where it has been computed already. */
export const indexOf = (run: Run, view: RunState = viewOf(run).run): RunIndex => ({
  open: !hasEnded(view.status ?? 'RUNNING'),
  start_time: view.start_time ?? view.first_event_at ?? run.first_event_at,
  silent_at: view.lease_expires_at ?? undefined,
  check_times: checkTimesOf(view, unwrittenMs(run)),
});

const DAY_MS = 86_400_000;

/** The dates under which the lake holds a run's events; of a run with more dates than it keeps, every date it spans. */
export function logDatesOf(run: Run): readonly string[] {
  if (run.event_dates.length < MAX_LIVE_DATES) return run.event_dates;
  const { first_event_at, last_event_at } = wholeRun(run);
  const dates: string[] = [];
  const lastMs = epochMsOf(last_event_at);
  for (let atMs = epochMsOf(`${dateOf(first_event_at)}T00:00:00.000Z`); atMs <= lastMs; atMs += DAY_MS) {
    dates.push(dateOf(instantOf(atMs)));
  }
  return dates;
}

/**
 * Every date on which a row of this run may stand, whichever of its events the lake has taken in so far: objects may be
 * parked, or compacted in another order than they were tracked. A run stands on the date of a start, of the beginning of
 * a wait, or of an event.
 */
export const runDatesOf = (run: Run): readonly string[] =>
  [...new Set([...logDatesOf(run), ...(run.start_dates ?? [])])].sort();
