import { type Draft, flag, flagChange, keepAliased, keepExtra } from './draft.ts';
import { type Reader, readCount, readInstant, readName, readNumber } from './reader.ts';

/** Other names of canonical fields, as pipelines log them today. The canonical name wins. */
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
/** Producers' MB are the binary ones that Spark and Databricks print. */
const MEGABYTE = 1_048_576;

/** Other names that are more than a rename: each reader writes into the draft what the value means. */
export const ALIAS_READERS: Readonly<Record<string, (value: unknown, draft: Draft) => void>> = {
  stage: (value, draft) => {
    if (typeof value === 'string') keepAliased(draft, 'stage', readName(value, draft, 'stage') as string | undefined);
  },
  log_ts: (value, draft) => keepAliased(draft, 'logged_at', instantOf(value, draft, 'log_ts')),
  event_ts: (value, draft) => keepAliased(draft, 'logged_at', instantOf(value, draft, 'event_ts')),
  timestamp: (value, draft) => keepAliased(draft, 'logged_at', instantOf(value, draft, 'timestamp')),
  current_run_timestamp: (value, draft) => {
    const instant = instantOf(value, draft, 'current_run_timestamp');
    setIfAbsent(draft, 'data_interval_end', instant);
    setIfAbsent(draft, 'start_time', instant);
    keepAliased(draft, 'run_instant', instant);
  },
  success: (value, draft) => keepAliased(draft, 'success', value),
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

const RUN_STAGES = new Set(['job', 'run', 'pipeline']);

/** Fills canonical fields from the aliased values. Call it once all fields of the line are read. */
export function applyAliases(draft: Draft): void {
  const { fields, aliased } = draft;
  if (aliased) {
    const { stage } = aliased;
    if (stage !== undefined && fields.step_name === undefined) {
      if (RUN_STAGES.has(stage.toLowerCase()) && fields.step_index === undefined) flag(draft, 'stage_is_run');
      else fields.step_name = stage;
    }
    if (aliased.success !== undefined && fields.status === undefined) {
      fields.status =
        aliased.success === true || String(aliased.success).toLowerCase() === 'true' ? 'SUCCESS' : 'FAILED';
      flag(draft, 'status_assumed');
    }
    if (aliased.run_instant !== undefined && fields.run_id === undefined) {
      fields.run_id = aliased.run_instant;
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

const instantOf = (value: unknown, draft: Draft, name: string): string | undefined =>
  readInstant(value, draft, name) as string | undefined;

function setIfAbsent(draft: Draft, name: string, value: unknown): void {
  if (value !== undefined) draft.fields[name] ??= value;
}

function setIn(draft: Draft, row: string, name: string, value: unknown): void {
  if (value === undefined) return;
  draft.fields[row] ??= {};
  (draft.fields[row] as Record<string, unknown>)[name] ??= value;
}

/** A flat field that belongs in a struct. */
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
