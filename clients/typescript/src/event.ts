import type { DatasetSchema } from './dataset-schema.ts';

export type EventType =
  | 'RUN_START'
  | 'RUN_END'
  | 'STEP_START'
  | 'STEP_END'
  | 'ERROR'
  | 'HEARTBEAT'
  | 'CHECKPOINT'
  | 'METRIC'
  | 'QUALITY';

/** How a run or step can end. */
export const END_STATUSES = ['SUCCESS', 'FAILED', 'SKIPPED', 'CANCELLED', 'TIMED_OUT', 'RETRY'] as const;
export type EndStatus = (typeof END_STATUSES)[number];

/** Something that was read. */
export interface Source {
  /** What kind of thing: `s3`, `postgres`, `directory`, `parquet`, … */
  type?: string | undefined;
  /** Where it is. Use the same words wherever it is read or written: lineage is joined by path. */
  path?: string | undefined;
  size_bytes?: number | undefined;
  records?: number | undefined;
  /** Its fields with their types: the ledger tells what changed from run to run. */
  schema?: DatasetSchema | undefined;
}

/** Something that was written. */
export interface Target extends Source {
  /** The part that was written: `date=2026-11-03`. */
  partition?: string | undefined;
}

/** The result of one data-quality check. */
export interface QualityResult {
  dataset?: string | undefined;
  check_name: string;
  success: boolean;
  /** How bad a failure is: `info`, `warn`, `error`, … */
  severity?: string | undefined;
  /** The expected and the actual value, as text; other types are written as text. */
  expected?: unknown;
  actual?: unknown;
  records_checked?: number | undefined;
  records_failed?: number | undefined;
}

/** An error, with a code of the error-code taxonomy. */
export interface ErrorInfo {
  /** `T101` network timeout, `D201` schema mismatch, `C301` invalid parameter, `R401` out of memory, `U900` unknown, … */
  error_code: string;
  message: string;
  stack_trace?: string | undefined;
  /** The innermost cause. */
  root_cause?: string | undefined;
  /** Whether trying again can help; absent: unknown. */
  retryable?: boolean | undefined;
}

/** Where a run happens. */
export interface Cluster {
  cluster_id?: string | undefined;
  cluster_size?: string | undefined;
  executor_count?: number | undefined;
  driver_node_type?: string | undefined;
  spark_version?: string | undefined;
}

/** What makes all events of a run one run. */
export interface RunIdentity {
  readonly run_id: string;
  readonly process_name: string;
  readonly run_attempt: number;
  readonly environment?: string | undefined;
}

/** An event before the client stamps it. The names are those on the wire. */
export interface EventBody {
  event_type: EventType;
  status?: EndStatus | 'RUNNING' | undefined;
  step_name?: string | undefined;
  step_index?: number | undefined;
  attempt?: number | undefined;
  map_index?: number | undefined;
  start_time?: string | undefined;
  end_time?: string | undefined;
  duration_ms?: number | undefined;
  message?: string | undefined;
  metrics?: Readonly<Record<string, number>> | undefined;
  error?: ErrorInfo | undefined;
  quality?: readonly unknown[] | undefined;
  /** The other columns, already in their wire form. */
  [name: string]: unknown;
}

/** One line of the wire. */
export interface Event extends EventBody, RunIdentity {
  readonly event_id: string;
  readonly created_at: string;
  readonly schema_version: string;
  readonly producer: Producer & { readonly instance_id: string; readonly seq: number };
}

export interface Producer {
  readonly name: string;
  readonly version: string;
}
