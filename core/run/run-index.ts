import { dateOf, epochMsOf, type Instant, instantOf } from '../instant.ts';
import { checkTimesOf } from './next-checks.ts';
import { MAX_LIVE_DATES, type Run } from './run.ts';
import { type RunState, viewOf } from './run-view.ts';
import { hasEnded } from './work-view.ts';

/** What a run is found by, computed from its view when it is stored. */
export interface RunIndex {
  readonly open: boolean;
  readonly start_time: Instant;
  /** When the clock alone changes what an open run's status is, earliest first: see `next-checks.ts`. */
  readonly check_times: readonly Instant[];
}

/** The index of a run. Pass its view where it has been computed already. */
export const indexOf = (run: Run, view: RunState = viewOf(run).run): RunIndex => ({
  open: !hasEnded(view.status ?? 'RUNNING'),
  start_time: view.start_time ?? run.first_event_at,
  check_times: checkTimesOf(view),
});

const DAY_MS = 86_400_000;

/** The dates under which the lake holds a run's events; of a run with more dates than it keeps, every date it spans. */
export function logDatesOf(run: Run): readonly string[] {
  if (run.event_dates.length < MAX_LIVE_DATES) return run.event_dates;
  const dates: string[] = [];
  const lastMs = epochMsOf(run.last_event_at);
  for (let atMs = epochMsOf(`${dateOf(run.first_event_at)}T00:00:00.000Z`); atMs <= lastMs; atMs += DAY_MS) {
    dates.push(dateOf(instantOf(atMs)));
  }
  return dates;
}
