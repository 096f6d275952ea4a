import { ACT_KINDS } from '../audit/act.ts';
import type { Columns } from './column-type.ts';
import { eventColumns } from './event-columns.ts';
import { SHOWN_STATUSES, STATUSES } from './status.ts';

const runKey = {
  environment: { type: 'varchar', comment: 'where the run belongs: prod, test, …' },
  process_name: { type: 'varchar', comment: 'the pipeline' },
  run_id: { type: 'varchar', comment: 'the run; unique within environment and process_name' },
} as const satisfies Columns;

const work = {
  start_time: { type: 'timestamp', comment: 'the told start of its newest execution; null: no event told one' },
  end_time: { type: 'timestamp', comment: 'greatest end over its END events; null while it has not ended' },
  duration_ms: { type: 'bigint', comment: 'as reported by its END, else end_time - start_time' },
} as const satisfies Columns;

const totals = {
  records_in: { type: 'bigint', comment: 'records read' },
  records_out: { type: 'bigint', comment: 'records written' },
  data_size_bytes_in: { type: 'bigint', comment: 'bytes read' },
  data_size_bytes_out: { type: 'bigint', comment: 'bytes written' },
} as const satisfies Columns;

/** Told by the run's END; else at its edges, never added up along its steps. */
const runTotals = {
  records_in: {
    type: 'bigint',
    comment:
      'records read: as its END says, else by the steps that read what no step of it wrote, else by its first step',
  },
  records_out: {
    type: 'bigint',
    comment:
      'records written: as its END says, else by the steps that write what no step of it reads, else by its last step',
  },
  data_size_bytes_in: { type: 'bigint', comment: 'bytes read; as records_in' },
  data_size_bytes_out: { type: 'bigint', comment: 'bytes written; as records_out' },
} as const satisfies Columns;

const firstError = {
  error_code: { type: 'varchar', comment: 'code of its first error' },
  error_message: { type: 'varchar', comment: 'message of its first error' },
  error_retryable: { type: 'boolean', comment: 'whether its first error said that trying again may help' },
} as const satisfies Columns;

export const runStateColumns = {
  ...runKey,
  run_date: {
    type: 'date',
    comment: 'UTC date of start_time, else of queued_at, else of its first event; the partition',
  },
  status: {
    type: 'varchar',
    oneOf: STATUSES,
    comment: 'what was reported, by rank; see current_runs for what the clock adds',
  },
  status_conflict: {
    type: 'varchar',
    comment: 'the ends that contradict each other and who reported them; null: none',
  },
  run_attempt: { type: 'integer', comment: 'the highest run attempt a RUN_* event opened' },
  queued_at: { type: 'timestamp', comment: 'when it began to wait for its start; null: no event told' },
  ...work,
  ...runTotals,
  steps: { type: 'bigint', comment: 'distinct steps seen' },
  memory_used_bytes: { type: 'bigint', comment: 'greatest memory_used_mb any event measured, in bytes' },
  ...firstError,
  error_step: { type: 'varchar', comment: 'the first step that shows an error' },
  expected_max_duration_ms: { type: 'bigint', comment: 'the SLA: the longest the run may take' },
  scheduled_for: { type: 'timestamp', comment: 'nominal time of the slot' },
  data_interval_start: { type: 'timestamp', comment: 'start of the data it covers' },
  data_interval_end: { type: 'timestamp', comment: 'end of the data it covers' },
  process_type: { type: 'varchar', comment: 'extractor, transformer, …' },
  run_mode: { type: 'varchar', comment: 'scheduled, manual, backfill, …' },
  owner: { type: 'varchar', comment: 'who answers for it' },
  user: { type: 'varchar', comment: 'who ran it' },
  job_id: { type: 'varchar', comment: "the platform's job" },
  parent_run_id: { type: 'varchar', comment: 'the run that started it, or that it replays' },
  root_run_id: { type: 'varchar', comment: 'the outermost run' },
  notebook_path: { type: 'varchar', comment: 'the code that ran' },
  notebook_git_sha: { type: 'varchar', comment: 'its version' },
  cluster_id: { type: 'varchar', comment: 'where it ran' },
  cluster_size: { type: 'varchar', comment: 'how large that was' },
  first_event_at: { type: 'timestamp', comment: 'time of its first event' },
  last_event_at: { type: 'timestamp', comment: 'time of its last event' },
  lease_ms: { type: 'bigint', comment: 'how much silence is normal' },
  lease_expires_at: { type: 'timestamp', comment: 'last_event_at + lease_ms: silence beyond it means the run is lost' },
  last_event_failed: { type: 'boolean', comment: 'its last word was an ERROR or a failed step' },
} as const satisfies Columns;

/**
 * What the run table has beside what people are shown of a run. They are nested, which Athena prints in a form that nothing
 * reads back: ask `lineage_edges`.
 */
const runLineage = {
  input_sources: {
    type: { array: { row: { type: 'varchar', path: 'varchar' } } },
    comment: 'every source that its events name, once, sorted; an untold type is empty',
  },
  output_targets: {
    type: { array: { row: { type: 'varchar', path: 'varchar', written_at: 'timestamp' } } },
    comment: 'every target that its events name, once, sorted, with the time of the last event that names it',
  },
} as const satisfies Columns;

export const runTableColumns = { ...runStateColumns, ...runLineage } as const satisfies Columns;

export const stepStateColumns = {
  ...runKey,
  run_date: { type: 'date', comment: "the run's run_date; the partition" },
  step_name: { type: 'varchar', comment: 'the step' },
  step_index: { type: 'integer', comment: 'its place in the run' },
  map_index: { type: 'integer', comment: 'which instance of a mapped step' },
  run_attempt: { type: 'integer', comment: 'the run attempt of the shown try' },
  attempt: { type: 'integer', comment: 'the shown try: the highest' },
  status: {
    type: 'varchar',
    oneOf: [...STATUSES, 'ABANDONED'],
    comment: 'as reported; ABANDONED: left open in a run that ended',
  },
  ...work,
  ...totals,
  ...firstError,
} as const satisfies Columns;

const { environment, process_name, run_id, run_date: runDate, ...runStateButKey } = runStateColumns;

/** A change of a row of the run table: what tells it from others, what it was before, and the row as it is since. */
export const runChangeColumns = {
  number: { type: 'bigint', comment: 'the place of the change among all changes of the ledger, from 1, without gaps' },
  changed_at: { type: 'timestamp', comment: 'when the ledger wrote it down' },
  kind: { type: 'varchar', comment: 'created; changed; deleted: a rebuild found no event of the run any more' },
  environment,
  process_name,
  run_id,
  run_date: { ...runDate, comment: 'the run_date since; of a deleted row the one it had; the partition' },
  status_before: { type: 'varchar', oneOf: STATUSES, comment: 'the status before; null: the row is new' },
  changed_columns: { type: 'varchar', comment: 'which columns changed, with commas between them; null: not `changed`' },
  row_before: { type: 'varchar', comment: 'the row before, as JSON without what was null; null: the row is new' },
  ...runStateButKey,
} as const satisfies Columns;

export const jobMetricsColumns = {
  environment: { type: 'varchar', comment: 'where the runs belong' },
  process_name: { type: 'varchar', comment: 'the pipeline' },
  run_date: { type: 'date', comment: 'UTC day the runs started' },
  total_runs: { type: 'bigint', comment: 'runs that started that day' },
  success_count: { type: 'bigint', comment: 'of those, SUCCESS' },
  failure_count: { type: 'bigint', comment: 'of those, FAILED, TIMED_OUT or LOST' },
  cancelled_count: { type: 'bigint', comment: 'of those, CANCELLED' },
  skipped_count: { type: 'bigint', comment: 'of those, SKIPPED' },
  lost_count: { type: 'bigint', comment: 'of the failures, those that went silent' },
  open_count: { type: 'bigint', comment: 'of those, not ended when this row was written' },
  avg_duration_sec: { type: 'double', comment: 'mean duration of the ended runs, seconds' },
  p50_duration_sec: { type: 'double', comment: 'median duration, exact nearest rank, seconds' },
  p95_duration_sec: { type: 'double', comment: '95th percentile of the duration, exact nearest rank, seconds' },
  max_duration_sec: { type: 'double', comment: 'longest duration, seconds' },
  total_records_processed: { type: 'bigint', comment: 'records written, else read, over all runs' },
  avg_input_size_mb: { type: 'double', comment: 'mean bytes read per run that counted them, in MB of 1,048,576 bytes' },
  avg_output_size_mb: { type: 'double', comment: 'mean bytes written per run that counted them, in MB' },
  avg_memory_used_mb: { type: 'double', comment: 'mean memory per run that measured it, in MB' },
} as const satisfies Columns;

export const logColumns = {
  ...eventColumns,
  object: { type: 'varchar', comment: 'the landed file the line was read from' },
  arrival_hour: { type: 'varchar', comment: 'UTC hour of arrival, `YYYY-MM-DD/HH`: the folder of that file' },
  raw_payload: { type: 'varchar', comment: 'the line itself, as landed' },
} as const satisfies Columns;

export interface Table {
  readonly name: string;
  readonly comment: string;
  readonly columns: Columns;
  readonly partitionedBy: string;
  /** Which columns tell one row from another. */
  readonly key: readonly string[];
  /** It remembers what was, which no raw line tells: a rebuild leaves its rows as they are, and only adds to them. */
  readonly isAppendOnly?: true;
}

/** The tables, in the order in which they are filled. */
export const TABLES = [
  {
    name: 'pipeline_logs',
    comment: 'Every accepted event once, typed.',
    columns: logColumns,
    partitionedBy: 'event_date',
    key: ['event_key'],
  },
  {
    name: 'pipeline_run_state',
    comment: 'One row per run: what all its events say together.',
    columns: runTableColumns,
    partitionedBy: 'run_date',
    key: ['environment', 'process_name', 'run_id'],
  },
  {
    name: 'pipeline_steps',
    comment:
      'One row per step of a run: its highest try, as reported. Ask `pipeline_step_state`, which knows the clock.',
    columns: stepStateColumns,
    partitionedBy: 'run_date',
    key: ['environment', 'process_name', 'run_id', 'step_index', 'map_index', 'step_name'],
  },
  {
    name: 'run_changes',
    comment: 'Every change of a row of `pipeline_run_state`, in order; never rewritten. Read what is new by `number`.',
    columns: runChangeColumns,
    partitionedBy: 'run_date',
    key: ['number'],
    isAppendOnly: true,
  },
  {
    name: 'job_metrics',
    comment: 'One row per pipeline, environment and day.',
    columns: jobMetricsColumns,
    partitionedBy: 'run_date',
    key: ['environment', 'process_name', 'run_date'],
  },
] as const satisfies readonly Table[];
export type TableName = (typeof TABLES)[number]['name'];

/** Those that are made of raw lines alone: what a rebuild builds again. */
export const REBUILT_TABLES = (TABLES as readonly (Table & { readonly name: TableName })[]).filter(
  ({ isAppendOnly }) => isAppendOnly !== true,
);

/** When a line arrived and in which file: copies of one event differ in it, so it takes no part in comparisons. */
export const ARRIVAL_COLUMNS: ReadonlySet<string> = new Set(['received_at', 'arrival_hour', 'object', 'raw_payload']);

/** The end of the name of the database that holds the shadow tables of a rebuild. */
export const SHADOW_SUFFIX = '_rebuilt';

const { status, ...runStateButStatus } = runStateColumns;
const { lease_ms: _, last_event_failed: __, run_date, ...shownRunState } = runStateButStatus;
const shownStatus = {
  type: 'varchar',
  oneOf: SHOWN_STATUSES,
  comment: 'as reported, or SUSPECT, LOST or FAILED when silent too long',
} as const;

const currentRuns = {
  ...runKey,
  run_date,
  status: shownStatus,
  reported_status: { ...status, comment: 'what was reported' },
  ...shownRunState,
} as const satisfies Columns;

const activeRuns = {
  ...runKey,
  run_date,
  status: shownStatus,
  run_attempt: runStateColumns.run_attempt,
  start_time: work.start_time,
  running_for_ms: { type: 'bigint', comment: 'time since its start' },
  expected_max_duration_ms: runStateColumns.expected_max_duration_ms,
  is_late: { type: 'boolean', comment: 'running longer than its SLA' },
  steps: runStateColumns.steps,
  last_event_at: runStateColumns.last_event_at,
  lease_expires_at: runStateColumns.lease_expires_at,
  owner: runStateColumns.owner,
  user: runStateColumns.user,
  cluster_id: runStateColumns.cluster_id,
} as const satisfies Columns;

const runStatusHistory = {
  ...runKey,
  run_attempt: { type: 'integer', comment: 'the run attempt it was said of' },
  status: { type: 'varchar', oneOf: STATUSES, comment: 'what was said' },
  reporter: { type: 'varchar', comment: 'who said it' },
  valid_from: { type: 'timestamp', comment: 'from when it stood' },
  valid_to: { type: 'timestamp', comment: 'until when; null: it stands' },
  is_current: { type: 'boolean', comment: 'nothing was said after it' },
} as const satisfies Columns;

const slaBreaches = {
  ...runKey,
  run_date,
  status: shownStatus,
  start_time: work.start_time,
  end_time: work.end_time,
  expected_max_duration_ms: runStateColumns.expected_max_duration_ms,
  elapsed_ms: { type: 'bigint', comment: 'how long it took, or has been taking' },
  over_by_ms: { type: 'bigint', comment: 'elapsed_ms beyond the SLA' },
  is_open: { type: 'boolean', comment: 'it has not ended' },
  owner: runStateColumns.owner,
} as const satisfies Columns;

const failureRates = {
  environment: runKey.environment,
  process_name: runKey.process_name,
  step_name: { type: 'varchar', comment: 'the step; null: the runs of the pipeline' },
  run_date: { type: 'date', comment: 'the last of the seven days' },
  ended_7d: { type: 'bigint', comment: 'ended in those days' },
  failed_7d: { type: 'bigint', comment: 'of those, FAILED, TIMED_OUT or LOST' },
  failure_rate_7d: { type: 'double', comment: 'failed_7d / ended_7d, 0 to 1' },
} as const satisfies Columns;

const lineageEdges = {
  ...runKey,
  run_date,
  source_type: { type: 'varchar', comment: 's3, delta, jdbc, …' },
  source_path: { type: 'varchar', comment: 'what was read' },
  target_type: { type: 'varchar', comment: 's3, delta, jdbc, …' },
  target_path: { type: 'varchar', comment: 'what was written' },
  written_at: { type: 'timestamp', comment: 'the last event that told of the target' },
} as const satisfies Columns;

const runReadsWrites = {
  ...runKey,
  run_date,
  direction: { type: 'varchar', comment: 'read or write' },
  dataset_type: { type: 'varchar', comment: 's3, delta, jdbc, …' },
  path: { type: 'varchar', comment: 'what was read or written' },
  written_at: { type: 'timestamp', comment: 'of a target: the last event that told of it' },
} as const satisfies Columns;

const qualityResults = {
  ...runKey,
  step_name: eventColumns.step_name,
  event_time: eventColumns.event_time,
  event_date: eventColumns.event_date,
  dataset: { type: 'varchar', comment: 'what was checked' },
  check_name: { type: 'varchar', comment: 'the check' },
  success: { type: 'boolean', comment: 'whether it passed' },
  severity: { type: 'varchar', comment: 'how bad a failure is' },
  expected: { type: 'varchar', comment: 'what the check expected' },
  actual: { type: 'varchar', comment: 'what it found' },
  records_checked: { type: 'bigint', comment: 'records looked at' },
  records_failed: { type: 'bigint', comment: 'of those, records that failed' },
} as const satisfies Columns;

const datasetSchemas = {
  ...runKey,
  step_name: eventColumns.step_name,
  event_time: eventColumns.event_time,
  event_date: eventColumns.event_date,
  dataset: { type: 'varchar', comment: 'what was read or written' },
  field: { type: 'varchar', comment: 'a field of it; one within another is `outer.inner`' },
  field_type: { type: 'varchar', comment: 'its type, as it was told; null: untold' },
  position: { type: 'integer', comment: 'its place among the fields, from 1' },
} as const satisfies Columns;

export const watermarkColumns = {
  environment: runKey.environment,
  process_name: runKey.process_name,
  data_until: {
    type: 'timestamp',
    comment:
      'end of the latest data interval a successful run covered; of one set by hand, that or what runs covered since',
  },
  last_success_at: { type: 'timestamp', comment: 'when a run last succeeded' },
  last_success_run_id: { type: 'varchar', comment: 'that run' },
  last_start_at: { type: 'timestamp', comment: 'when a run last started' },
  set_at: { type: 'timestamp', comment: 'when it was last set by hand' },
  set_by: { type: 'varchar', comment: 'who did' },
} as const satisfies Columns;

const rejections = {
  rejection_key: { type: 'varchar', comment: "hash of the line's bytes as received" },
  received_at: { type: 'timestamp', comment: 'when it was first received' },
  kind: { type: 'varchar', comment: 'not_json, not_an_object, missing_identity, says_nothing, too_large' },
  explanation: { type: 'varchar', comment: 'what it looks like, what was expected, what came, what to do' },
  payload: { type: 'varchar', comment: 'the masked line; a long one is cut, and whole under oversize/' },
  object: { type: 'varchar', comment: 'the landed file that holds it' },
  state: {
    type: 'varchar',
    comment: 'open; accepted: it was resent and accepted; dismissed: a person decided to leave it',
  },
  decided_at: { type: 'timestamp', comment: 'when it was accepted or dismissed' },
  decision_reason: { type: 'varchar', comment: 'why it was dismissed, in the words of that person' },
  decided_by: { type: 'varchar', comment: 'who dismissed it' },
} as const satisfies Columns;

const accessLog = {
  access_key: { type: 'varchar', comment: 'tells one question from another' },
  asked_at: { type: 'timestamp', comment: 'when it was asked' },
  asked_on: { type: 'varchar', comment: 'UTC date of asked_at, `YYYY-MM-DD`: on AWS only the days you name are read' },
  caller: {
    type: 'varchar',
    comment: 'who asked: on AWS the ARN; on a laptop the name of the token, null where it has none',
  },
  source: { type: 'varchar', comment: 'the address it came from' },
  user_agent: { type: 'varchar', comment: 'the program it came from, as that calls itself' },
  via: { type: 'varchar', comment: 'athena or http' },
  question: { type: 'varchar', comment: 'the SQL, or method and path; masked, and cut at 16,384 characters' },
  error: { type: 'varchar', comment: 'the code with which AWS refused it; null: it was taken' },
  object: { type: 'varchar', comment: 'the file that holds it' },
} as const satisfies Columns;

const incidentTimes = {
  occurred_at: { type: 'timestamp', comment: 'when it began to be wrong, as far as is known' },
  detected_at: { type: 'timestamp', comment: 'when the ledger found it' },
  notified_at: { type: 'timestamp', comment: 'when it was let go to be told; null: it is held' },
  acknowledged_at: { type: 'timestamp', comment: 'when somebody took it' },
  resolved_at: { type: 'timestamp', comment: 'when it was over' },
} as const satisfies Columns;

const incidentLog = {
  incident_id: { type: 'varchar', comment: 'the incident; an incident of the same slot after it is another one' },
  change: { type: 'integer', comment: 'which change of the incident, from 1' },
  kind: {
    type: 'varchar',
    comment: 'opened, upgraded, acknowledged, resolved; receipt: what became of a notice of it',
  },
  changed_at: { type: 'timestamp', comment: 'when it changed, or was sent' },
  environment: runKey.environment,
  process_name: { type: 'varchar', comment: 'the pipeline; runledger: the ledger itself' },
  slot: {
    type: 'varchar',
    comment: 'the expected start; `run ID` of a run outside any slot; STALE, FAILURE_RATE, LEDGER …',
  },
  status: { type: 'varchar', comment: 'open, acknowledged or resolved, after the change' },
  severity: { type: 'varchar', comment: 'P1, P2 or P3: the gravest it had been' },
  reasons: { type: 'varchar', comment: 'why it was open, as docs/alerts.md lists them, joined by a comma and a space' },
  run_ids: { type: 'varchar', comment: 'the runs that showed it, joined by a comma and a space' },
  summary: { type: 'varchar', comment: 'what happened against what was expected' },
  ...incidentTimes,
  who: { type: 'varchar', comment: 'the person who made the change, or the named token they used; null: the ledger' },
  why: { type: 'varchar', comment: 'the reason that person gave' },
  about: {
    type: 'varchar',
    comment: 'of a receipt: the kind of the change that was told; started or succeeded: of a run',
  },
  route: { type: 'varchar', comment: 'of a receipt: the route of the file, or the channel' },
  delivered: { type: 'boolean', comment: 'of a receipt: whether it arrived' },
  detail: { type: 'varchar', comment: "of a receipt: the channel's id of the message, or why it did not arrive" },
  object: { type: 'varchar', comment: 'the file that holds it' },
} as const satisfies Columns;

const expectations = {
  environment: runKey.environment,
  process_name: runKey.process_name,
  slot: { type: 'timestamp', comment: 'the nominal time of an expected start' },
  slot_on: { type: 'varchar', comment: 'UTC date of slot, `YYYY-MM-DD`: on AWS only the days you name are read' },
  local_time: { type: 'varchar', comment: "the slot on the wall clock of the schedule's zone, `YYYY-MM-DD HH:MM`" },
  timezone: { type: 'varchar', comment: 'that zone' },
  state: { type: 'varchar', comment: 'waiting, running, good, failed or missed, when it was recorded' },
  reasons: { type: 'varchar', comment: 'what was wrong with it then, joined by a comma and a space' },
  run_id: { type: 'varchar', comment: 'a run that filled it; null: none did' },
  run_status: { type: 'varchar', comment: 'the status of that run, as the clock sees it now' },
  start_time: runStateColumns.start_time,
  end_time: runStateColumns.end_time,
  recorded_at: { type: 'timestamp', comment: 'when this was written' },
} as const satisfies Columns;

/** What `audit_log` tells of. `restart` and `stop` are those that the ledger decided by itself. */
export const AUDITED_KINDS = [
  ...ACT_KINDS,
  'acknowledge',
  'resolve',
  'dismiss',
  'set_watermark',
  'replay',
  'backfill',
  'restart',
  'stop',
] as const;

const auditLog = {
  acted_at: { type: 'timestamp', comment: 'when it was done' },
  kind: { type: 'varchar', oneOf: AUDITED_KINDS, comment: 'what was done' },
  who: {
    type: 'varchar',
    comment: 'who did it: the name they gave, or the named token they used; runledger: the ledger; null: nobody said',
  },
  environment: runKey.environment,
  process_name: { type: 'varchar', comment: 'the pipeline, or a pattern of pipelines; null: it was about none' },
  target: { type: 'varchar', comment: 'the incident, run, rejection, object, silence, token or pipeline' },
  why: { type: 'varchar', comment: 'the reason that they gave' },
  detail: { type: 'varchar', comment: 'what else tells it from another act' },
  object: { type: 'varchar', comment: 'the record of it in the object store' },
} as const satisfies Columns;

const kpiDaily = {
  environment: runKey.environment,
  day: { type: 'date', comment: 'run_date of runs, UTC date of the detection of incidents' },
  runs: { type: 'bigint', comment: 'runs that ended or were lost' },
  success_rate: { type: 'double', comment: 'of those, the share that did not fail, 0 to 1; null: there were none' },
  success_rate_7d: { type: 'double', comment: 'the same over the seven days up to that day' },
  incidents: { type: 'bigint', comment: 'incidents that opened and were told' },
  mttd_seconds: {
    type: 'double',
    comment: 'mean time from the beginning of the trouble to its detection; of a run that did not start, from its slot',
  },
  mttr_seconds: { type: 'double', comment: 'mean time from the beginning of the trouble to its end' },
  pages: { type: 'bigint', comment: 'messages that arrived and told that incidents opened or got worse' },
  acknowledged_incidents: { type: 'bigint', comment: 'incidents that a person took, and so held to be real' },
  pages_per_acknowledged_incident: { type: 'double', comment: 'pages / acknowledged_incidents; null: there were none' },
} as const satisfies Columns;

/** The views, each after what it reads. */
export const VIEWS = [
  { name: 'current_runs', comment: 'Every run with its status as the clock sees it now.', columns: currentRuns },
  {
    name: 'pipeline_step_state',
    comment: 'Every step, its highest try, with its status as the clock sees its run now.',
    columns: stepStateColumns,
  },
  { name: 'active_runs', comment: 'Runs that have not ended and are not lost.', columns: activeRuns },
  { name: 'run_status_history', comment: 'What was said of each run, from when to when.', columns: runStatusHistory },
  { name: 'sla_breaches', comment: 'Runs over their SLA, those that never end included.', columns: slaBreaches },
  { name: 'failure_rates', comment: 'Seven-day rolling failure rates by pipeline and by step.', columns: failureRates },
  { name: 'lineage_edges', comment: 'Which run made which target from which source.', columns: lineageEdges },
  { name: 'run_reads_writes', comment: 'What each run read and wrote.', columns: runReadsWrites },
  {
    name: 'dataset_schemas',
    comment: 'The schemas of datasets as runs told them: one row for each field.',
    columns: datasetSchemas,
  },
  { name: 'quality_results', comment: 'Every result of a data-quality check.', columns: qualityResults },
  { name: 'watermarks', comment: "How far each pipeline's data has come.", columns: watermarkColumns },
  { name: 'rejections', comment: 'Every line that could not be accepted, and why.', columns: rejections },
  { name: 'incident_log', comment: 'Every change of an incident, by whom, and every receipt.', columns: incidentLog },
  {
    name: 'expectations',
    comment: 'Every slot of every schedule, and the runs that filled it.',
    columns: expectations,
  },
  {
    name: 'kpi_daily',
    comment: 'How well each environment did on each day, and what its pages cost.',
    columns: kpiDaily,
  },
  { name: 'audit_log', comment: 'Who did what to the ledger, each act with its record.', columns: auditLog },
  { name: 'access_log', comment: 'Every question that was asked, and by whom.', columns: accessLog },
] as const satisfies readonly { readonly name: string; readonly comment: string; readonly columns: Columns }[];
export type ViewName = (typeof VIEWS)[number]['name'];
