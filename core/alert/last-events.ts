import type { Instant } from '../instant.ts';
import type { ToldRun } from '../run/told-run.ts';
import { hasEnded } from '../run/work-view.ts';
import { wallTimeOf } from '../schedule/zone.ts';

const MAX_EVENTS = 6;

/** What was last heard of a run until a moment, the latest last: `02:10 extract SUCCESS`. Times are those of the zone. */
export function lastEventsOf({ run, steps }: ToldRun, zone: string, until: Instant): readonly string[] {
  const heard = [
    { at: run.start_time, what: 'started' },
    ...steps.flatMap(({ step_name, status, start_time, end_time }) => [
      { at: start_time, what: `${step_name} started` },
      { at: hasEnded(status ?? '') ? end_time : null, what: `${step_name} ${status}` },
    ]),
    { at: hasEnded(run.status ?? '') ? run.end_time : null, what: `ended, ${run.status}` },
  ];
  return heard
    .flatMap(({ at, what }) => (at === null || at > until ? [] : [{ at, what }]))
    .map((each, order) => ({ ...each, order }))
    .sort((a, b) => (a.at === b.at ? a.order - b.order : a.at < b.at ? -1 : 1))
    .slice(-MAX_EVENTS)
    .map(({ at, what }) => `${wallTimeOf(at, zone).slice(11)} ${what}`);
}
