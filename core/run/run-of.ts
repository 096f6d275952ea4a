import { dateOf, type Instant } from '../instant.ts';
import type { Event } from '../schema/event.ts';
import { checksOf } from './checks.ts';
import { cutText } from './cut-text.ts';
import { LEDGER_REPORTER } from './ledger-reporter.ts';
import { pathId } from './path-id.ts';
import {
  DESCRIPTORS,
  type Descriptor,
  type Facts,
  keptPaths,
  noFacts,
  type Run,
  type StampedError,
  TOTALS,
  type Total,
  type Work,
} from './run.ts';
import type { Stamped } from './stamped.ts';

/** The run that one event reports. */
export function runOf(landed: Event): Run {
  const event_id = cutText(landed.event_id, MAX_ID_BYTES);
  const event = event_id === landed.event_id ? landed : { ...landed, event_id };
  const { environment, process_name, run_id } = event;
  const facts = factsOf(event);
  if (!isUntimed(event)) return { environment, process_name, run_id, ...facts };
  const { event_dates, start_dates } = facts;
  const untimed = { [event.event_key]: { size: JSON.stringify(facts).length, facts } };
  return { environment, process_name, run_id, ...noFacts(), event_dates, start_dates, untimed };
}

/** What accept lets through: 256 characters. An id stands in every stamp of a run. */
const MAX_ID_BYTES = 768;

/** What the ledger itself tells of a run is no sign of life of it. */
const isOfLedger = ({ reporter }: Event): boolean => reporter === LEDGER_REPORTER;

/** Whether its time is only that of its arrival. Signs of life are many, and each is an event of its own. */
const isUntimed = (event: Event): boolean =>
  event.flags?.includes('event_time_assumed') === true && !isSignOfLife(event);

function factsOf(event: Event): Facts {
  const work = workOf(event);
  const ofStep = event.step_name !== undefined;
  const opens = !ofStep && (event.event_type === 'RUN_START' || event.event_type === 'RUN_END');
  return {
    first_event_at: event.event_time,
    last_event_at: isOfLedger(event) ? noFacts().last_event_at : event.event_time,
    event_dates: [event.event_date],
    ...startDatesOf(event.event_date, work),
    lease_ms: event.lease_ms,
    sla_ms: event.sla?.expected_max_duration_ms,
    ...(isOfLedger(event) ? {} : lastReportOf(event)),
    opened: opens ? { run_attempt: event.run_attempt, work } : undefined,
    highest_attempt: event.run_attempt,
    memory_used_bytes: memoryUsedOf(event),
    described: describedBy(event),
    attempts: ofStep || opens ? {} : { [event.run_attempt]: work },
    steps: event.step_name === undefined ? {} : stepOf(event, event.step_name, work),
    ...(event.quality !== undefined && { checks: checksOf(event) }),
  };
}

function startDatesOf(event_date: string, { first_start, queued_at }: Work): Pick<Facts, 'start_dates'> {
  const start = first_start ?? queued_at;
  const date = start === undefined ? event_date : dateOf(start);
  return date === event_date ? {} : { start_dates: [date] };
}

function stepOf(event: Event, step_name: string, work: Work): Facts['steps'] {
  const { step_index, map_index, run_attempt, input_sources, output_targets } = event;
  const paths =
    input_sources === undefined && output_targets === undefined
      ? undefined
      : keptPaths(pathIds(input_sources), pathIds(output_targets));
  const key = `${step_index ?? ''}:${map_index ?? ''}:${step_name}`;
  return { [key]: { step_name, step_index, map_index, run_attempt, attempt: event.attempt ?? 1, work, ...paths } };
}

const pathIds = (rows: readonly { readonly path?: string | undefined }[] = []): readonly number[] =>
  [...new Set(rows.flatMap(({ path }) => (path === undefined ? [] : [pathId(path)])))].sort((a, b) => a - b);

function workOf(event: Event): Work {
  const subject = event.step_name === undefined ? 'RUN' : 'STEP';
  const isStart = event.event_type === `${subject}_START`;
  const isEnd = event.event_type === `${subject}_END`;
  const endedAt = isEnd ? (event.end_time ?? event.event_time) : undefined;
  const startedAt = isStart && event.status !== 'QUEUED' ? startTold(event) : startBefore(endedAt, event);
  const queuedAt = isStart && event.status === 'QUEUED' ? (event.start_time ?? event.event_time) : undefined;
  const status = isEnd ? (event.status ?? 'ENDED') : isStart ? event.status : undefined;
  const reportedAt = endedAt ?? event.start_time ?? event.event_time;
  const error = errorOf(event);
  return {
    first_event_at: event.event_time,
    last_report_at: isSignOfLife(event) ? undefined : event.event_time,
    queued_at: queuedAt,
    first_start: startedAt,
    last_start: startedAt,
    first_end: endedAt,
    statuses: status === undefined ? {} : { [status]: [reportedAt, event.event_id, cutText(event.reporter ?? '')] },
    totals: isEnd ? totalsOf(event) : {},
    first_error: error,
  };
}

const isSignOfLife = ({ event_type }: Event): boolean => event_type === 'HEARTBEAT' || event_type === 'METRIC';

/** A START without any time bears the time of its arrival, which tells no start. */
const startTold = ({ start_time, event_time, flags }: Event): Instant | undefined =>
  start_time ?? (flags?.includes('event_time_assumed') ? undefined : event_time);

/** The start that an END names, unless one of its clocks is wrong. */
const startBefore = (endedAt: Instant | undefined, { start_time }: Event): Instant | undefined =>
  endedAt !== undefined && start_time !== undefined && start_time <= endedAt ? start_time : undefined;

function totalsOf(event: Event): Work['totals'] {
  const totals: Partial<Record<Total, Stamped<readonly [number]>>> = {};
  for (const name of TOTALS) {
    const value = event[name];
    if (value !== undefined) totals[name] = [event.event_time, event.event_id, value];
  }
  return totals;
}

function errorOf({ event_time, event_id, error }: Event): StampedError | undefined {
  if (error === undefined || (error.error_code === undefined && error.message === undefined)) return undefined;
  const retryable = error.retryable === undefined ? '' : String(error.retryable);
  return [event_time, event_id, cutText(error.error_code ?? ''), cutText(error.message ?? ''), retryable];
}

function describedBy(event: Event): Facts['described'] {
  const described: Partial<Record<Descriptor, Stamped<readonly [string | number]>>> = {};
  for (const name of DESCRIPTORS) {
    const value =
      name === 'cluster_id' || name === 'cluster_size'
        ? event.cluster?.[name]
        : name === 'expected_max_duration_ms'
          ? event.sla?.[name]
          : event[name];
    if (value === undefined) continue;
    described[name] = [event.event_time, event.event_id, typeof value === 'string' ? cutText(value) : value];
  }
  return described;
}

/** Heartbeats and metrics only show that the producer is alive: they report neither success nor failure. */
function lastReportOf(event: Event): Partial<Facts> {
  const { event_type, status, step_name, event_time } = event;
  if (isSignOfLife(event)) return {};
  const isFailedEnd = status === undefined ? errorOf(event) !== undefined : status === 'FAILED';
  const isBad = event_type === 'ERROR' || (event_type === 'STEP_END' && step_name !== undefined && isFailedEnd);
  return isBad ? { last_failed_event_at: event_time } : { last_ok_event_at: event_time };
}

const MEGABYTE = 1_048_576;

function memoryUsedOf({ metrics }: Event): number | undefined {
  const bytes = Math.floor((metrics?.memory_used_mb ?? -1) * MEGABYTE);
  return bytes >= 0 && bytes <= Number.MAX_SAFE_INTEGER ? bytes : undefined;
}
