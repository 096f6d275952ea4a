import { LINE_TIMES, POSSIBLE_STATUS_NAMES, STATUS_NAMES, SUCCESS_NAMES } from './aliases.ts';
import { type Draft, flagChange, keepExtra } from './draft.ts';
import { parseDuration } from './duration.ts';
import { errorTextOf, maskedText, setIn, takeErrorText } from './error-text.ts';
import { isEmpty, isObject, maskedValue, scalarText } from './masked-value.ts';
import { readEventWord, readOtherStatus, readPossibleStatus } from './outcome.ts';
import { type Reader, readCount, readInstant, readName, readNumber } from './read-value.ts';
import { readReportField } from './reports.ts';

/** Writes into the draft what a field means; `key` is the name as it came. */
export type FieldReader = (value: unknown, draft: Draft, name: string, key: string) => void;

const SECOND_MS = 1000;
/** The "MB" of the dialects are the binary ones that Spark and Databricks print. */
const MEGABYTE = 1_048_576;

const named = (names: readonly string[], read: FieldReader): Record<string, FieldReader> =>
  Object.fromEntries(names.map((name) => [name, read]));

/** Fields of other dialects that are not a plain rename. */
export const FIELD_READERS: Readonly<Record<string, FieldReader>> = {
  ...named(LINE_TIMES, readLineTime),
  ...named(STATUS_NAMES, readOtherStatus),
  ...named(POSSIBLE_STATUS_NAMES, readPossibleStatus),
  ...named(Object.keys(SUCCESS_NAMES), readSuccess),
  ...named(['exit_code', 'exit_status', 'return_code', 'returncode'], readExitCode),
  ...named(['total_checks', 'passed_checks', 'failed_checks', 'success_rate', 'details'], readReportField),
  ...named(['validation_rate', 'invalid_rows'], readReportField),
  ...named(
    ['duration', 'duration_sec', 'duration_secs', 'duration_seconds', 'duration_s'],
    scaled('duration_ms', SECOND_MS),
  ),
  ...named(['total_duration_secs', 'processing_time_seconds', 'elapsed_time'], scaled('duration_ms', SECOND_MS)),
  ...named(['execution_time', 'elapsed_seconds', 'runtime_seconds'], scaled('duration_ms', SECOND_MS)),
  ...named(['table', 'table_name', 'table_fqn', 'target_table'], readTable),
  ...named(['error_message', 'error_msg', 'errmsg', 'exception_message', 'failure_reason'], nested('error', 'message')),
  ...named(['stack_trace', 'stacktrace', 'traceback', 'exc_info'], nested('error', 'stack_trace')),
  ...named(['err', 'exception'], readException),
  event: readEventWord,
  stage: readStage,
  severity: readSeverity,
  current_run_timestamp: readRunInstant,
  current_run_time: readRunInstant,
  attempt_number: readAttemptNumber,
  errors: readErrors,
  error_code: nested('error', 'error_code'),
  cause: nested('error', 'root_cause'),
  error_type: nested('error', 'root_cause'),
  input_size_mb: scaled('data_size_bytes_in', MEGABYTE),
  output_size_mb: scaled('data_size_bytes_out', MEGABYTE),
  memory_used_mb: readMetric,
  memory_usage_mb: readMetric,
  cluster_id: nested('cluster', 'cluster_id'),
  cluster_size: nested('cluster', 'cluster_size'),
  node_type: nested('cluster', 'driver_node_type'),
  spark_version: nested('cluster', 'spark_version'),
};

function readLineTime(value: unknown, draft: Draft, name: string, key: string): void {
  const instant = readInstant(isObject(value) ? epochOf(value) : value, draft, name);
  const isTaken = typeof instant === 'string' && draft.hints.times?.[name] === undefined;
  if (isTaken) draft.hints.times = { ...draft.hints.times, [name]: instant };
  if (!isTaken || isObject(value)) keepExtra(draft, key, value);
}

/** `{ epochSecond, nanoOfSecond }`, as Log4j writes an instant: milliseconds since 1970. */
const epochOf = ({ epochSecond, nanoOfSecond = 0 }: Record<string, unknown>): unknown =>
  typeof epochSecond === 'number' && typeof nanoOfSecond === 'number'
    ? epochSecond * 1000 + Math.floor(nanoOfSecond / 1_000_000)
    : undefined;

function readStage(value: unknown, draft: Draft, name: string, key: string): void {
  const stage = readName(value, draft, name);
  if (typeof stage !== 'string' || draft.hints.stage !== undefined || draft.fields.step_name !== undefined) {
    keepExtra(draft, key, value);
  } else draft.hints.stage = stage;
}

function readTable(value: unknown, draft: Draft, name: string, key: string): void {
  const table = readName(value, draft, name);
  if (typeof table !== 'string' || draft.hints.table !== undefined) keepExtra(draft, key, value);
  else draft.hints.table = table;
}

function readRunInstant(value: unknown, draft: Draft, name: string, key: string): void {
  const instant = readInstant(value, draft, name);
  if (typeof instant !== 'string' || draft.hints.runInstant !== undefined) {
    keepExtra(draft, key, value);
    return;
  }
  const { fields } = draft;
  draft.hints.runInstant = instant;
  fields.start_time ??= instant;
  fields.data_interval_end ??= instant;
  if (fields.data_interval_end !== instant && fields.start_time !== instant) keepExtra(draft, key, value);
}

/** A truth that can be read; anything else is no word about success, but is no proof of it either. */
function readSuccess(value: unknown, draft: Draft, name: string, key: string): void {
  keepExtra(draft, key, value);
  const word = scalarText(value).trim().toLowerCase();
  const truth = /^(true|1|yes)$/.test(word) ? true : /^(false|0|no)$/.test(word) ? false : undefined;
  // `failed: 3` counts what failed, and `passed: 97` what passed: neither is a truth.
  if (truth === undefined && name !== 'success') return;
  if (typeof value === 'number' && name !== 'success') return;
  const isSuccess = truth === SUCCESS_NAMES[name];
  draft.hints.success = (draft.hints.success ?? true) && isSuccess;
}

function readExitCode(value: unknown, draft: Draft, _name: string, key: string): void {
  keepExtra(draft, key, value);
  const text = scalarText(value).trim();
  const code = text === '' ? Number.NaN : Number(text);
  // A code that cannot be read is no proof that the program went well.
  const read = Number.isInteger(code) ? code : -1;
  draft.hints.exitCode = draft.hints.exitCode || read;
}

const LEVELS = /^(trace|debug|info|information|notice|warn|warning|error|critical|fatal|alert|emergency|severe)$/i;

/** A severity is a level of logging where it is one; `P1`, `high` and numbers are the producer's own. */
function readSeverity(value: unknown, draft: Draft, _name: string, key: string): void {
  const isLevel = typeof value === 'string' && LEVELS.test(value.trim());
  if (isLevel && draft.fields.log_level === undefined) draft.fields.log_level = value;
  else keepExtra(draft, key, value);
}

/** Databricks counts attempts from 0. */
function readAttemptNumber(value: unknown, draft: Draft, name: string, key: string): void {
  keepExtra(draft, key, value);
  const number = readCount(2_147_483_646)(value, draft, name);
  if (typeof number === 'number') draft.fields.attempt ??= number + 1;
}

function readErrors(value: unknown, draft: Draft, _name: string, key: string): void {
  const isOneText = Array.isArray(value) && value.length === 1 && typeof value[0] === 'string';
  if (!takeErrorText(isOneText ? value[0] : value, draft) && !isEmpty(value)) keepExtra(draft, key, value);
}

/** An exception as log libraries write it: a text, or an object with a message and perhaps a stack. */
function readException(value: unknown, draft: Draft, _name: string, key: string): void {
  if (takeErrorText(value, draft)) return;
  keepExtra(draft, key, value);
  if (isObject(value) && typeof value.stack === 'string' && errorTextOf(maskedValue(value, draft)) !== '') {
    setIn(draft, 'error', 'stack_trace', maskedText(value.stack, draft));
  }
}

function readMetric(value: unknown, draft: Draft, name: string, key: string): void {
  const number = readNumber(value, draft, name);
  if (number === undefined || !setIn(draft, 'metrics', name, number)) keepExtra(draft, key, value);
}

/** A flat field that belongs into a row. */
function nested(row: 'cluster' | 'error', field: string): FieldReader {
  return (value, draft, _name, key) => {
    const masked = maskedValue(value, draft);
    const text = typeof masked === 'string' ? masked : JSON.stringify(masked);
    const isNone = text === '' || (row === 'error' && (errorTextOf(masked) === '' || value === true));
    if (isNone || !setIn(draft, row, field, text)) keepExtra(draft, key, value);
  };
}

/** A number in another unit, rounded to the canonical integer. */
function scaled(field: string, factor: number): FieldReader {
  const read: Reader = readCount(Number.MAX_SAFE_INTEGER);
  return (value, draft, _name, key) => {
    keepExtra(draft, key, value);
    if (draft.fields[field] !== undefined) return;
    const duration = field === 'duration_ms' ? parseDuration(value) : undefined;
    const number = duration?.amount ?? readNumber(value, draft, field);
    if (typeof number !== 'number') return;
    const inUnits = read(Math.round(number * (duration?.isSeconds ? SECOND_MS : factor)), draft, field);
    if (inUnits === undefined) return;
    draft.fields[field] = inUnits;
    flagChange(draft, `converted:${field}`);
  };
}
