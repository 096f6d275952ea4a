import { type Expectation, expectationFor, expectationsOf } from '../../../core/pipelines/expectations.ts';
import { readFile } from '../../../core/pipelines/read-file.ts';
import type { ToldRun } from '../../../core/run/told-run.ts';
import type { Event } from '../../../core/schema/event.ts';
import { toldOfEvents } from '../view-of-events.ts';

/** What a file with these settings of the pipeline `orders` expects. */
export function expecting(settings: string): Expectation {
  const { file, problems } = readFile(`version: 1\npipelines:\n  orders: { ${settings} }\n`);
  if (file === undefined) throw new Error(JSON.stringify(problems));
  return expectationFor(
    expectationsOf(file, () => []),
    'prod',
    'orders',
  );
}

const minutesAfter = (start: string, minutes: number) => new Date(Date.parse(start) + minutes * 60_000).toISOString();

/** A run of `orders` that ended after so many minutes; none: it is open. */
export function aToldRun(
  run_id: string,
  start: string,
  minutes?: number,
  told: Partial<Event> = {},
  ...others: readonly Partial<Event>[]
): ToldRun {
  const base = { run_id, process_name: 'orders', environment: 'prod' } as const;
  const started = {
    ...base,
    event_type: 'RUN_START',
    status: 'RUNNING',
    event_time: start,
    start_time: start,
  } as const;
  const more = others.map((event, at) => ({ ...base, event_id: `${run_id}-${at}`, ...event }));
  if (minutes === undefined) return toldOfEvents({ ...started, event_id: `${run_id}-start` }, ...more);
  const end = minutesAfter(start, minutes);
  return toldOfEvents(
    { ...started, event_id: `${run_id}-start` },
    {
      ...base,
      event_type: 'RUN_END',
      status: 'SUCCESS',
      event_id: `${run_id}-end`,
      event_time: end,
      end_time: end,
      ...told,
    },
    ...more,
  );
}
