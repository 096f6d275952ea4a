import type { Event } from '../../core/schema/event.ts';
import type { History } from './histories.ts';

type Told = Partial<Event> & Pick<Event, 'event_type'> & { readonly at: string };

/** Times of day on 3 November 2025, or whole instants. */
const instant = (at: string): string => (at.length > 12 ? at : `2025-11-03T${at}.000Z`);

let runs = 0;
function history(...told: readonly Told[]): History {
  const run = runs++;
  return told.map(
    ({ at, ...fields }, place): Event => ({
      event_key: `ffffffff${String(run).padStart(12, '0')}${String(place).padStart(12, '0')}`,
      event_id: `event-${place}`,
      event_time: instant(at),
      event_date: instant(at).slice(0, 10),
      received_at: '2025-11-05T00:00:00.000Z',
      environment: 'prod',
      process_name: 'hand-made',
      run_id: `hand-made-${run}`,
      run_attempt: 1,
      ...fields,
    }),
  );
}

const started = (at: string, more: Partial<Event> = {}): Told => ({
  at,
  event_type: 'RUN_START',
  status: 'RUNNING',
  ...more,
});
const ended = (at: string, status: Event['status'], more: Partial<Event> = {}): Told => ({
  at,
  event_type: 'RUN_END',
  status,
  ...more,
});
const step = (
  at: string,
  verb: 'START' | 'END',
  status: Event['status'] | undefined,
  step_name: string,
  step_index?: number,
): Told => ({
  at,
  event_type: `STEP_${verb}`,
  status,
  step_name,
  ...(step_index === undefined ? {} : { step_index }),
});

/** What real pipelines did and got wrong, each with the state a person would give it. */
export const handMade: readonly { readonly name: string; readonly status: string; readonly history: History }[] = [
  { name: 'a plain run', status: 'SUCCESS', history: history(started('09:00:00'), ended('09:05:00', 'SUCCESS')) },
  {
    name: 'a late heartbeat does not reopen a finished run',
    status: 'SUCCESS',
    history: history(started('09:00:00'), ended('09:05:00', 'SUCCESS'), {
      at: '09:06:00',
      event_type: 'HEARTBEAT',
      status: 'RUNNING',
    }),
  },
  {
    name: 'heartbeats that promise to come less and less often',
    status: 'RUNNING',
    history: history(
      started('09:00:00', { lease_ms: 180_000 }),
      { at: '09:01:00', event_type: 'HEARTBEAT', lease_ms: 600_000 },
      { at: '09:02:00', event_type: 'HEARTBEAT', lease_ms: 300_000 },
    ),
  },
  {
    name: 'the end arrives before the start, across midnight',
    status: 'SUCCESS',
    history: history(ended('2025-11-04T00:10:00.000Z', 'SUCCESS'), started('2025-11-03T23:50:00.000Z')),
  },
  {
    name: 'a rerun under the same id without numbers is open again',
    status: 'RUNNING',
    history: history(started('09:00:00'), ended('09:05:00', 'FAILED'), started('10:00:00')),
  },
  {
    name: 'and its end counts alone',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      ended('09:05:00', 'FAILED'),
      started('10:00:00'),
      ended('10:05:00', 'SUCCESS'),
    ),
  },
  {
    name: 'a start at the very moment of the end is no rerun',
    status: 'SUCCESS',
    history: history(started('09:00:00'), ended('09:05:00', 'SUCCESS'), started('09:05:00')),
  },
  {
    name: 'the SDK says success, the platform says failure: a conflict',
    status: 'FAILED',
    history: history(
      started('09:00:00'),
      ended('09:05:00', 'SUCCESS'),
      ended('09:05:30', 'FAILED', { reporter: 'aws.glue' }),
    ),
  },
  {
    name: 'a second attempt replaces the first',
    status: 'RUNNING',
    history: history(started('09:00:00'), ended('09:05:00', 'FAILED'), started('09:10:00', { run_attempt: 2 })),
  },
  {
    name: 'only a RUN_* event opens an attempt',
    status: 'FAILED',
    history: history(started('09:00:00'), ended('09:05:00', 'FAILED'), {
      at: '09:11:00',
      event_type: 'HEARTBEAT',
      run_attempt: 2,
    }),
  },
  {
    name: 'an end at the very moment of the new start is the new execution’s',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      ended('09:05:00', 'FAILED'),
      started('10:00:00'),
      ended('10:00:00', 'SUCCESS'),
    ),
  },
  {
    name: 'what a step counted in an earlier execution is no total of the newest',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      { ...step('09:04:00', 'END', 'SUCCESS', 'load', 0), records_in: 5 },
      ended('09:05:00', 'FAILED'),
      started('10:00:00'),
      { at: '10:01:00', event_type: 'CHECKPOINT', step_name: 'load', step_index: 0 },
      ended('10:05:00', 'SUCCESS'),
    ),
  },
  {
    name: 'an END without a status after an ERROR in a step that never ended',
    status: 'FAILED',
    history: history(
      started('09:00:00'),
      step('09:01:00', 'START', 'RUNNING', 'load', 0),
      { at: '09:02:00', event_type: 'ERROR', step_name: 'load', step_index: 0, error: { error_code: 'T101' } },
      ended('09:03:00', undefined),
    ),
  },
  {
    name: 'an END without a status after a step that failed, and then succeeded at its second try',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      { ...step('09:01:00', 'END', 'FAILED', 'load', 0), error: { error_code: 'T101' } },
      { ...step('09:02:00', 'END', 'SUCCESS', 'load', 0), attempt: 2 },
      ended('09:03:00', undefined),
    ),
  },
  {
    name: 'two ends that each tell their start: the later one is a rerun',
    status: 'SUCCESS',
    history: history(
      ended('09:05:00', 'FAILED', { start_time: '2025-11-03T09:00:00.000Z' }),
      ended('10:05:00', 'SUCCESS', { start_time: '2025-11-03T10:00:00.000Z' }),
    ),
  },
  { name: 'RETRY is not the end', status: 'RETRY', history: history(started('09:00:00'), ended('09:05:00', 'RETRY')) },
  {
    name: 'an end without a start',
    status: 'CANCELLED',
    history: history(ended('09:05:00', 'CANCELLED', { start_time: '2025-11-03T09:00:00.000Z' })),
  },
  {
    name: 'steps alone, all ended',
    status: 'TIMED_OUT',
    history: history(
      step('09:00:00', 'START', 'RUNNING', 'extract', 0),
      step('09:05:00', 'END', 'SUCCESS', 'extract', 0),
      step('09:06:00', 'END', 'TIMED_OUT', 'load', 1),
    ),
  },
  {
    name: 'steps alone, one open',
    status: 'RUNNING',
    history: history(step('09:05:00', 'END', 'FAILED', 'extract', 0), step('09:06:00', 'START', 'RUNNING', 'load', 1)),
  },
  {
    name: 'an ERROR instead of a failed STEP_END',
    status: 'FAILED',
    history: history(
      started('09:00:00'),
      step('09:00:01', 'START', 'RUNNING', 'load', 1),
      {
        at: '09:01:00',
        event_type: 'ERROR',
        step_name: 'load',
        step_index: 1,
        error: { error_code: 'D201', message: 'schema', retryable: false },
      },
      ended('09:01:01', 'FAILED'),
    ),
  },
  {
    name: 'a step left open in a run that succeeded',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      step('09:00:01', 'START', 'RUNNING', 'load', 1),
      ended('09:01:01', 'SUCCESS'),
    ),
  },
  {
    name: 'a step without index is its only indexed namesake',
    status: 'SUCCESS',
    history: history(
      started('09:00:00'),
      step('09:00:01', 'START', 'RUNNING', 'load', 1),
      step('09:01:00', 'END', 'SUCCESS', 'load'),
      ended('09:01:01', 'SUCCESS'),
    ),
  },
  {
    name: 'an end before its start has no duration',
    status: 'SUCCESS',
    history: history(started('09:05:00'), ended('09:00:00', 'SUCCESS')),
  },
  {
    name: 'a run of forty days',
    status: 'SUCCESS',
    history: history(
      started('2025-10-04T09:00:00.000Z'),
      { at: '2025-10-20T09:00:00.000Z', event_type: 'HEARTBEAT' },
      ended('2025-11-13T09:00:00.000Z', 'SUCCESS'),
    ),
  },
];
