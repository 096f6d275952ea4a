import type { Columns } from './column-type.ts';
import { STATUSES } from './status.ts';

export const EVENT_TYPES = [
  'RUN_START',
  'RUN_END',
  'STEP_START',
  'STEP_END',
  'ERROR',
  'HEARTBEAT',
  'METRIC',
  'CHECKPOINT',
  'QUALITY',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/**
 * The fields of an event as accept writes them, one line of JSON each, and as `pipeline_logs` holds them. Names and
 * types up to `updated_at` are the canonical event's; structs are frozen: a new fact is a new top-level column.
 */
export const eventColumns = {
  event_key: {
    type: 'varchar',
    comment: "128 bits (32 hex digits) of the SHA-256 of the line's bytes as received; the identity deduplication uses",
  },
  event_date: { type: 'date', comment: 'UTC date of event_time; the partition' },
  event_time: {
    type: 'timestamp',
    comment:
      'when it happened: the first present of log_ts/event_ts, updated_at, created_at, end_time (on *_END), start_time; else the arrival',
  },
  received_at: { type: 'timestamp', comment: 'when the ledger received it; orders nothing' },
  environment: {
    type: 'varchar',
    comment: "the event's own, else tags.env, else the ledger's configured one; never null",
  },
  event_id: { type: 'varchar', comment: "the producer's id of the event, else its event_key" },
  run_id: { type: 'varchar', comment: 'one execution of a pipeline; unique within environment and process_name' },
  parent_run_id: { type: 'varchar', comment: 'the run this one was started by, or replays' },
  root_run_id: { type: 'varchar', comment: 'the outermost run of a tree of runs' },
  process_name: { type: 'varchar', comment: 'the pipeline (`pipeline_name` is accepted on input)' },
  process_type: { type: 'varchar', comment: 'extractor, transformer, assembler, loader, validator, …' },
  job_id: { type: 'varchar', comment: "the orchestrator's or platform's job" },
  task_id: { type: 'varchar', comment: 'the task or notebook' },
  step_name: { type: 'varchar', comment: 'the step this event is about; null: the run itself' },
  step_index: { type: 'integer', comment: 'order of the step within the run' },
  map_index: { type: 'integer', comment: 'which instance of a mapped step, from 0; each is a step of its own' },
  event_type: { type: 'varchar', oneOf: EVENT_TYPES, comment: 'what the event is' },
  status: {
    type: 'varchar',
    oneOf: STATUSES,
    comment: 'what it says of the run or step; only *_START and *_END are believed',
  },
  run_attempt: { type: 'integer', comment: 'which execution under this run_id, from 1' },
  attempt: { type: 'integer', comment: "the step's try, from 1; on events without a step, the run attempt" },
  start_time: { type: 'timestamp', comment: 'when the run or step started' },
  end_time: { type: 'timestamp', comment: 'when the run or step ended' },
  duration_ms: { type: 'bigint', comment: 'how long the run or step took, as the producer measured it' },
  cluster: {
    type: {
      row: {
        cluster_id: 'varchar',
        cluster_size: 'varchar',
        executor_count: 'integer',
        driver_node_type: 'varchar',
        spark_version: 'varchar',
      },
    },
    comment: 'where it ran',
  },
  user: { type: 'varchar', comment: 'who ran it; an e-mail address becomes `user-` and a stable short hash' },
  notebook_path: { type: 'varchar', comment: 'the code that ran' },
  notebook_git_sha: { type: 'varchar', comment: 'its version' },
  data_size_bytes_in: { type: 'bigint', comment: 'bytes read' },
  records_in: { type: 'bigint', comment: 'records read' },
  data_size_bytes_out: { type: 'bigint', comment: 'bytes written' },
  records_out: { type: 'bigint', comment: 'records written' },
  input_sources: {
    type: { array: { row: { type: 'varchar', path: 'varchar', size_bytes: 'bigint', records: 'bigint' } } },
    comment: 'what was read',
  },
  output_targets: {
    type: {
      array: {
        row: { type: 'varchar', path: 'varchar', partition: 'varchar', size_bytes: 'bigint', records: 'bigint' },
      },
    },
    comment: 'what was written',
  },
  params: { type: { map: 'varchar' }, comment: 'parameters of the run' },
  metrics: { type: { map: 'double' }, comment: 'numbers the pipeline measured' },
  error: {
    type: {
      row: {
        error_code: 'varchar',
        message: 'varchar',
        stack_trace: 'varchar',
        root_cause: 'varchar',
        retryable: 'boolean',
      },
    },
    comment: 'what went wrong; codes as in the error-code taxonomy, others kept as sent',
  },
  tags: { type: { map: 'varchar' }, comment: 'free labels: env, team, …' },
  sla: {
    type: { row: { expected_max_duration_ms: 'bigint', sla_missed: 'boolean' } },
    comment: 'the longest the run may take, and whether the producer saw it missed',
  },
  created_at: { type: 'timestamp', comment: 'when the producer made the event' },
  updated_at: { type: 'timestamp', comment: 'when the producer last changed it' },
  scheduled_for: { type: 'timestamp', comment: 'nominal time of the slot the run fills' },
  data_interval_start: { type: 'timestamp', comment: 'start of the data the run covers' },
  data_interval_end: { type: 'timestamp', comment: 'end of the data the run covers' },
  owner: { type: 'varchar', comment: 'team or person answering for the pipeline' },
  run_mode: { type: 'varchar', comment: 'scheduled, manual, backfill, full, incremental, …' },
  reporter: { type: 'varchar', comment: 'who says it: the producer, a platform, OpenLineage; absent: the producer' },
  producer: {
    type: { row: { name: 'varchar', version: 'varchar', instance_id: 'varchar', seq: 'bigint' } },
    comment: 'the client that sent it; seq counts from 1 per instance, so loss can be counted',
  },
  schema_version: { type: 'varchar', comment: 'version of the event shape the producer wrote' },
  quality: {
    type: {
      array: {
        row: {
          dataset: 'varchar',
          check_name: 'varchar',
          success: 'boolean',
          severity: 'varchar',
          expected: 'varchar',
          actual: 'varchar',
          records_checked: 'bigint',
          records_failed: 'bigint',
        },
      },
    },
    comment: 'results of data-quality checks',
  },
  planned_steps: {
    type: { array: 'varchar' },
    comment: 'the steps that the run means to take, as its START tells them',
  },
  dataset_fields: {
    type: { array: { row: { dataset: 'varchar', name: 'varchar', type: 'varchar', position: 'integer' } } },
    comment: 'the schema of what was read or written, where told: one element for each field, position from 1',
  },
  message: { type: 'varchar', comment: 'free text' },
  log_level: { type: 'varchar', comment: 'INFO, WARN, ERROR, …' },
  heartbeat_interval_ms: { type: 'bigint', comment: 'how often the producer promises to send something' },
  lease_ms: {
    type: 'bigint',
    comment:
      'how long silence is normal where heartbeats are promised: three intervals; absent: this event promises none',
  },
  flags: { type: { array: 'varchar' }, comment: 'what accept had to assume or change' },
  original: { type: 'varchar', comment: 'the masked line as received, when more than defaults was changed' },
  extra: { type: 'varchar', comment: 'JSON text of every field the schema does not know' },
} as const satisfies Columns;
