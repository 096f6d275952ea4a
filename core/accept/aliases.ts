import { epochMsOf, instantOf } from '../instant.ts';
import { isFailureCode } from '../schema/error-code.ts';
import type { EventType, Status } from '../schema/event.ts';
import { type Draft, flag, flagChange, keepExtra } from './draft.ts';
import { isObject, type Reader, readCount, readInstant, readNumber } from './reader.ts';

/** Other names of canonical fields, from the dialects pipelines already log in. The canonical name wins. */
export const ALIASES: Readonly<Record<string, string>> = {
  pipeline_name: 'process_name',
  pipeline: 'process_name',
  job_name: 'process_name',
  step: 'step_name',
  level: 'log_level',
  row_count: 'records_out',
  rows_written: 'records_out',
  records_processed: 'records_out',
  rows_processed: 'records_in',
  run_started_at: 'start_time',
  run_ended_at: 'end_time',
  last_run_timestamp: 'data_interval_start',
};

const SECOND_MS = 1000;
/** The dialects' "MB" are the binary ones Spark and Databricks print. */
const MEGABYTE = 1_048_576;

/** Fields of other dialects that are not a plain rename: each writes into the draft what it means. */
export const DIALECT_READERS: Readonly<Record<string, (value: unknown, draft: Draft) => void>> = {
  stage: (value, draft) => {
    if (typeof value === 'string' && value.trim() !== '') remember(draft, 'stage', value);
  },
  log_ts: (value, draft) => remember(draft, 'logged_at', readInstant(value, draft, 'log_ts')),
  event_ts: (value, draft) => remember(draft, 'logged_at', readInstant(value, draft, 'event_ts')),
  timestamp: (value, draft) => remember(draft, 'logged_at', readInstant(value, draft, 'timestamp')),
  current_run_timestamp: (value, draft) => {
    const instant = readInstant(value, draft, 'current_run_timestamp');
    setIfAbsent(draft, 'data_interval_end', instant);
    setIfAbsent(draft, 'start_time', instant);
    remember(draft, 'run_instant', instant);
  },
  success: (value, draft) => remember(draft, 'success', value),
  duration_sec: scaled('duration_ms', SECOND_MS),
  duration_secs: scaled('duration_ms', SECOND_MS),
  processing_time_seconds: scaled('duration_ms', SECOND_MS),
  input_size_mb: scaled('data_size_bytes_in', MEGABYTE),
  output_size_mb: scaled('data_size_bytes_out', MEGABYTE),
  memory_used_mb: (value, draft) =>
    setIn(draft, 'metrics', 'memory_used_mb', readNumber(value, draft, 'memory_used_mb')),
  cluster_id: nested('cluster', 'cluster_id'),
  cluster_size: nested('cluster', 'cluster_size'),
  node_type: nested('cluster', 'driver_node_type'),
  spark_version: nested('cluster', 'spark_version'),
  error_code: nested('error', 'error_code'),
  error_message: nested('error', 'message'),
};

const STATUS_WORDS: Readonly<Record<string, Status>> = {
  FAILED: 'FAILED',
  FAILURE: 'FAILED',
  FAIL: 'FAILED',
  ERROR: 'FAILED',
  TIMED_OUT: 'TIMED_OUT',
  TIMEDOUT: 'TIMED_OUT',
  TIMEOUT: 'TIMED_OUT',
  CANCELLED: 'CANCELLED',
  CANCELED: 'CANCELLED',
  ABORTED: 'CANCELLED',
  STOPPED: 'CANCELLED',
  SUCCESS: 'SUCCESS',
  SUCCEEDED: 'SUCCESS',
  COMPLETED: 'SUCCESS',
  COMPLETE: 'SUCCESS',
  FINISHED: 'SUCCESS',
  OK: 'SUCCESS',
  SKIPPED: 'SKIPPED',
  RETRY: 'RETRY',
  RETRYING: 'RETRY',
  UP_FOR_RETRY: 'RETRY',
  RUNNING: 'RUNNING',
  STARTED: 'RUNNING',
  IN_PROGRESS: 'RUNNING',
  QUEUED: 'QUEUED',
  PENDING: 'QUEUED',
};

/** A status word of any dialect, or undefined when it is none. */
export const statusOf = (word: string): Status | undefined => {
  const upper = word.trim().toUpperCase();
  return Object.hasOwn(STATUS_WORDS, upper) ? STATUS_WORDS[upper] : undefined;
};

const RUN_STAGES = new Set(['job', 'run', 'pipeline']);

/** Takes what the dialect fields meant into the canonical ones, once all fields of the line are read. */
export function applyDialect(draft: Draft): void {
  const { fields, dialect } = draft;
  if (dialect) {
    const stage = dialect.stage as string | undefined;
    if (stage !== undefined && fields.step_name === undefined) {
      if (RUN_STAGES.has(stage.toLowerCase()) && fields.step_index === undefined) flag(draft, 'stage_is_run');
      else fields.step_name = stage;
    }
    if (dialect.success !== undefined && fields.status === undefined) {
      fields.status =
        dialect.success === true || String(dialect.success).toLowerCase() === 'true' ? 'SUCCESS' : 'FAILED';
      flag(draft, 'status_assumed');
    }
    if (dialect.run_instant !== undefined && fields.run_id === undefined) {
      fields.run_id = dialect.run_instant;
      flag(draft, 'run_id_assumed');
    }
  }
  if (fields.step_name === undefined && fields.step_index !== undefined && fields.event_type !== undefined) {
    if (String(fields.event_type).startsWith('STEP_')) {
      fields.step_name = `step_${fields.step_index}`;
      flag(draft, 'step_name_assumed');
    }
  }
}

/** What happened, when the line does not name an event type: from its status and whether it names a step. */
export function assumedEventType(draft: Draft): EventType | undefined {
  const { fields } = draft;
  const subject = fields.step_name === undefined ? 'RUN' : 'STEP';
  const status = fields.status as Status | undefined;
  if (draft.dialect?.started === true || status === 'QUEUED') return `${subject}_START`;
  if (status === 'RUNNING') return 'HEARTBEAT';
  if (status !== undefined) return `${subject}_END`;
  if (fields.error !== undefined || /^(ERROR|FATAL|CRITICAL)$/i.test(String(fields.log_level))) return 'ERROR';
  if (fields.quality !== undefined) return 'QUALITY';
  if (fields.end_time !== undefined) return `${subject}_END`;
  if (fields.metrics !== undefined || fields.records_in !== undefined || fields.records_out !== undefined)
    return 'METRIC';
  if (fields.message !== undefined) return 'CHECKPOINT';
  return fields.start_time === undefined ? undefined : `${subject}_START`;
}

/**
 * What a START or END says when it does not say it itself: a START says RUNNING or QUEUED; an END without a status
 * FAILED if it carries the code of a failure, else SUCCESS. A status no dialect knows is not a success.
 */
export function applyStatus(draft: Draft): void {
  const { fields } = draft;
  const type = fields.event_type as EventType;
  const status = fields.status as Status | undefined;
  if (type === 'RUN_START' || type === 'STEP_START') {
    if (status === 'RUNNING' || status === 'QUEUED') return;
    if (status !== undefined) flagChange(draft, 'status_contradicts_event_type');
    fields.status = 'RUNNING';
  } else if (type === 'RUN_END' || type === 'STEP_END') {
    if (status !== undefined && status !== 'RUNNING' && status !== 'QUEUED') return;
    if (status !== undefined) flagChange(draft, 'status_contradicts_event_type');
    flag(draft, 'status_assumed');
    const code = isObject(fields.error) ? fields.error.error_code : undefined;
    const failed = typeof code === 'string' && isFailureCode(code);
    fields.status = failed || draft.dialect?.unknown_status !== undefined ? 'FAILED' : 'SUCCESS';
  }
}

/** An END that tells its start and its duration tells its end. */
export function applyEndTime(draft: Draft): void {
  const { fields } = draft;
  if (fields.end_time !== undefined || !String(fields.event_type).endsWith('_END')) return;
  if (typeof fields.start_time !== 'string' || typeof fields.duration_ms !== 'number') return;
  const endMs = epochMsOf(fields.start_time) + fields.duration_ms;
  if (endMs >= 4_133_980_800_000) return;
  fields.end_time = instantOf(endMs);
  flag(draft, 'end_time_assumed');
}

export function readStatus(value: unknown, draft: Draft): void {
  if (typeof value !== 'string') {
    flagChange(draft, 'status_unknown');
    keepExtra(draft, 'status', value);
    return;
  }
  const status = statusOf(value);
  if (status !== undefined) {
    draft.fields.status = status;
    if (value.trim().toUpperCase() === 'STARTED') remember(draft, 'started', true);
    return;
  }
  if (value.trim() === '') return;
  flagChange(draft, 'status_unknown');
  keepExtra(draft, 'status', value);
  remember(draft, 'unknown_status', value);
}

const EVENT_TYPE_WORDS: Readonly<Record<string, EventType>> = {
  RUN_START: 'RUN_START',
  RUN_STARTED: 'RUN_START',
  RUN_END: 'RUN_END',
  RUN_ENDED: 'RUN_END',
  STEP_START: 'STEP_START',
  STEP_STARTED: 'STEP_START',
  STEP_END: 'STEP_END',
  STEP_ENDED: 'STEP_END',
  ERROR: 'ERROR',
  HEARTBEAT: 'HEARTBEAT',
  METRIC: 'METRIC',
  CHECKPOINT: 'CHECKPOINT',
  QUALITY: 'QUALITY',
};

export function readEventType(value: unknown, draft: Draft): void {
  const upper = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (Object.hasOwn(EVENT_TYPE_WORDS, upper)) {
    draft.fields.event_type = EVENT_TYPE_WORDS[upper];
  } else if (upper === 'STARTED' || upper === 'START') {
    remember(draft, 'started', true);
  } else if (upper !== '' || typeof value !== 'string') {
    flagChange(draft, 'event_type_unknown');
    keepExtra(draft, 'event_type', value);
    remember(draft, 'unknown_event_type', String(value));
  }
}

function remember(draft: Draft, name: string, value: unknown): void {
  if (value === undefined) return;
  draft.dialect ??= {};
  draft.dialect[name] ??= value;
}

function setIfAbsent(draft: Draft, name: string, value: unknown): void {
  if (value !== undefined) draft.fields[name] ??= value;
}

function setIn(draft: Draft, row: string, name: string, value: unknown): void {
  if (value === undefined) return;
  draft.fields[row] ??= {};
  (draft.fields[row] as Record<string, unknown>)[name] ??= value;
}

/** A flat field that belongs into a struct. */
function nested(row: 'cluster' | 'error', name: string): (value: unknown, draft: Draft) => void {
  return (value, draft) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text !== '') setIn(draft, row, name, draft.settings.mask(text.toWellFormed().replaceAll('\0', '\uFFFD')));
  };
}

/** A number in another unit, rounded to the canonical integer. */
function scaled(name: string, factor: number): (value: unknown, draft: Draft) => void {
  const read: Reader = readCount(Number.MAX_SAFE_INTEGER);
  return (value, draft) => {
    if (draft.fields[name] !== undefined) {
      keepExtra(draft, `${name} converted`, value);
      return;
    }
    const number = readNumber(value, draft, name);
    if (typeof number !== 'number') return;
    const inUnits = read(Math.round(number * factor), draft, name);
    if (inUnits === undefined) return;
    draft.fields[name] = inUnits;
    flagChange(draft, `converted:${name}`);
  };
}
