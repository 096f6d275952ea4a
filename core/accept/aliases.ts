import { epochMsOf, instantOf } from '../instant.ts';
import { type Draft, flag, flagChange, keepExtra } from './draft.ts';
import { isObject, type Reader, readCount, readInstant, readName, readNumber } from './reader.ts';

/**
 * Other names of canonical fields, from the dialects that pipelines already log in. The canonical name wins, then the
 * first of this list, whatever the order of the keys; the values of the others are kept in `extra`.
 */
export const ALIASES: Readonly<Record<string, string>> = {
  pipeline_name: 'process_name',
  pipeline: 'process_name',
  pipeline_id: 'process_name',
  job_name: 'process_name',
  dag_id: 'process_name',
  workflow: 'process_name',
  workflow_name: 'process_name',
  flow_name: 'process_name',
  runid: 'run_id',
  step: 'step_name',
  task: 'step_name',
  step_idx: 'step_index',
  try_number: 'attempt',
  level: 'log_level',
  severity: 'log_level',
  msg: 'message',
  row_count: 'records_out',
  rows_written: 'records_out',
  total_rows_written: 'records_out',
  records_processed: 'records_out',
  rows_processed: 'records_in',
  total_rows_processed: 'records_in',
  run_started_at: 'start_time',
  started_at: 'start_time',
  start_date: 'start_time',
  run_ended_at: 'end_time',
  finished_at: 'end_time',
  ended_at: 'end_time',
  completed_at: 'end_time',
  end_date: 'end_time',
  last_run_timestamp: 'data_interval_start',
  inputs: 'input_sources',
  outputs: 'output_targets',
  output: 'output_targets',
};

/** Names under which a line tells its own time, the most telling first. */
export const LINE_TIMES = [
  'event_time',
  'log_ts',
  'event_ts',
  'timestamp',
  'ts',
  'time',
  '@timestamp',
  'asctime',
  'run_time',
] as const;

const SECOND_MS = 1000;
/** The "MB" of the dialects are the binary ones that Spark and Databricks print. */
const MEGABYTE = 1_048_576;

/** Fields of other dialects that are not a plain rename: each writes into the draft what it means. */
export const FIELD_READERS: Readonly<Record<string, (value: unknown, draft: Draft, name: string) => void>> = {
  ...Object.fromEntries(LINE_TIMES.map((name) => [name, readLineTime])),
  stage: (value, draft, name) => {
    const stage = readName(value, draft, name);
    if (draft.hints.stage !== undefined || draft.fields.step_name !== undefined) keepExtra(draft, name, value);
    else if (typeof stage === 'string') draft.hints.stage = stage;
  },
  table: (value, draft, name) => {
    const table = readName(value, draft, name);
    if (typeof table === 'string') draft.hints.table = table;
    else keepExtra(draft, name, value);
  },
  current_run_timestamp: (value, draft, name) => {
    const instant = readInstant(value, draft, name);
    if (typeof instant !== 'string') return;
    draft.fields.data_interval_end ??= instant;
    draft.fields.start_time ??= instant;
    draft.hints.runInstant ??= instant;
  },
  success: (value, draft, name) => {
    keepExtra(draft, name, value);
    draft.hints.success = value === true || value === 1 || /^(true|1|yes)$/i.test(String(value).trim());
  },
  ok: (value, draft, name) => {
    keepExtra(draft, name, value);
    if (typeof value === 'boolean') draft.hints.success ??= value;
  },
  exit_code: (value, draft, name) => {
    keepExtra(draft, name, value);
    const code = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
    // A code that cannot be read is no proof that the program went well.
    draft.hints.exitCode = Number.isInteger(code) ? code : -1;
  },
  errors: (value, draft, name) => {
    if (Array.isArray(value) && value.length === 0) return;
    const texts = (Array.isArray(value) ? value : [value]).map(errorTextOf).filter((text) => text !== '');
    if (texts.length === 0 || !setIn(draft, 'error', 'message', masked(texts.join('; '), draft))) {
      keepExtra(draft, name, value);
    } else if (
      !texts.every((text, index) => text === (Array.isArray(value) ? value[index] : value)) ||
      texts.length > 1
    ) {
      keepExtra(draft, name, value);
    }
  },
  duration: scaled('duration_ms', SECOND_MS),
  duration_sec: scaled('duration_ms', SECOND_MS),
  duration_secs: scaled('duration_ms', SECOND_MS),
  total_duration_secs: scaled('duration_ms', SECOND_MS),
  processing_time_seconds: scaled('duration_ms', SECOND_MS),
  input_size_mb: scaled('data_size_bytes_in', MEGABYTE),
  output_size_mb: scaled('data_size_bytes_out', MEGABYTE),
  memory_used_mb: (value, draft, name) => {
    const number = readNumber(value, draft, name);
    if (number === undefined || !setIn(draft, 'metrics', name, number)) keepExtra(draft, name, value);
  },
  cluster_id: nested('cluster', 'cluster_id'),
  cluster_size: nested('cluster', 'cluster_size'),
  node_type: nested('cluster', 'driver_node_type'),
  spark_version: nested('cluster', 'spark_version'),
  error_code: nested('error', 'error_code'),
  error_message: nested('error', 'message'),
  err: nestedError,
  exception: nestedError,
  exc_info: nested('error', 'stack_trace'),
  stack_trace: nested('error', 'stack_trace'),
};

/** Reads `error` when it is no row: a text, or nothing at all. */
export function readPlainError(value: unknown, draft: Draft): unknown {
  const text = errorTextOf(value);
  if (text === '' || !setIn(draft, 'error', 'message', masked(text, draft)) || text !== value) {
    keepExtra(draft, 'error', value);
  }
  return draft.fields.error;
}

/** The text of an error; empty for what says that there was none: null, false, 0, an empty list, `None`. */
function errorTextOf(value: unknown): string {
  if (value === null || value === undefined || value === false || value === 0) return '';
  if (typeof value === 'string') return /^\s*(none|null|nan)?\s*$/i.test(value) ? '' : value;
  if (Array.isArray(value))
    return value
      .map(errorTextOf)
      .filter((text) => text !== '')
      .join('; ');
  if (isObject(value)) {
    const message = value.message ?? value.error_message ?? value.msg ?? value.error;
    if (typeof message === 'string') return message;
    return Object.keys(value).length === 0 ? '' : JSON.stringify(value);
  }
  return String(value);
}

/** Ids that loggers write when they know none. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'not-set',
  'not_set',
  'none',
  'null',
  'nil',
  'undefined',
  'nan',
  'n/a',
  'na',
  '-',
  'unknown',
]);
const RUN_STAGES: ReadonlySet<string> = new Set(['job', 'run', 'pipeline']);

/** Takes what other names meant into the canonical ones, once all fields of the line are read. */
export function applyAliases(draft: Draft): void {
  const { fields, hints } = draft;
  for (const name of ['run_id', 'parent_run_id', 'root_run_id']) {
    const id = fields[name];
    if (typeof id !== 'string' || !PLACEHOLDERS.has(id.trim().toLowerCase())) continue;
    keepExtra(draft, name, id);
    fields[name] = undefined;
  }
  if (fields.step_index === undefined && fields.step_name === undefined && hints.stage !== undefined) {
    if (RUN_STAGES.has(hints.stage.toLowerCase())) {
      keepExtra(draft, 'stage', hints.stage);
      flag(draft, 'stage_is_run');
      hints.stage = undefined;
    }
  }
  if (hints.stage !== undefined) {
    if (fields.step_name === undefined) fields.step_name = hints.stage;
    else keepExtra(draft, 'stage', hints.stage);
  }
  if (hints.table !== undefined) {
    // One row per table and no step: the row is about writing that table.
    if (fields.step_name === undefined) fields.step_name = hints.table;
    else keepExtra(draft, 'table', hints.table);
    fields.output_targets ??= [{ type: 'table', path: hints.table }];
  }
  if (hints.runInstant !== undefined && fields.run_id === undefined) {
    fields.run_id = hints.runInstant;
    flag(draft, 'run_id_assumed');
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

function readLineTime(value: unknown, draft: Draft, name: string): void {
  const instant = readInstant(isObject(value) ? epochOf(value) : value, draft, name);
  if (typeof instant !== 'string') keepExtra(draft, name, value);
  else {
    draft.hints.times ??= {};
    draft.hints.times[name] ??= instant;
  }
}

/** `{ epochSecond, nanoOfSecond }`, as Log4j writes an instant: milliseconds since 1970. */
const epochOf = ({ epochSecond, nanoOfSecond = 0 }: Record<string, unknown>): unknown =>
  typeof epochSecond === 'number' && typeof nanoOfSecond === 'number'
    ? epochSecond * 1000 + Math.floor(nanoOfSecond / 1_000_000)
    : undefined;

const masked = (text: string, draft: Draft): string =>
  draft.settings.mask(text.toWellFormed().replaceAll('\0', '\uFFFD'));

/** Sets a field of a row unless it is set; false when it was set to something else. */
function setIn(draft: Draft, row: string, name: string, value: unknown): boolean {
  if (!isObject(draft.fields[row])) draft.fields[row] = {};
  const fields = draft.fields[row] as Record<string, unknown>;
  if (fields[name] === undefined) fields[name] = value;
  return fields[name] === value;
}

/** A flat field that belongs into a row. */
function nested(row: 'cluster' | 'error', field: string): (value: unknown, draft: Draft, name: string) => void {
  return (value, draft, name) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    if (text === '' || (row === 'error' && errorTextOf(value) === '')) keepExtra(draft, name, value);
    else if (!setIn(draft, row, field, masked(text, draft))) keepExtra(draft, name, value);
  };
}

/** An exception as log libraries write it: a text, or an object with a message and perhaps a stack. */
function nestedError(value: unknown, draft: Draft, name: string): void {
  const text = errorTextOf(value);
  const isTaken = text !== '' && setIn(draft, 'error', 'message', masked(text, draft));
  if (isTaken && isObject(value) && typeof value.stack === 'string') {
    setIn(draft, 'error', 'stack_trace', masked(value.stack, draft));
  }
  if (!isTaken || typeof value !== 'string') keepExtra(draft, name, value);
}

/** A number in another unit, rounded to the canonical integer. */
function scaled(field: string, factor: number): (value: unknown, draft: Draft, name: string) => void {
  const read: Reader = readCount(Number.MAX_SAFE_INTEGER);
  return (value, draft, name) => {
    if (draft.fields[field] !== undefined) {
      keepExtra(draft, name, value);
      return;
    }
    const number = readNumber(value, draft, field);
    if (typeof number !== 'number') return;
    const inUnits = read(Math.round(number * factor), draft, field);
    if (inUnits === undefined) return;
    draft.fields[field] = inUnits;
    flagChange(draft, `converted:${field}`);
  };
}
