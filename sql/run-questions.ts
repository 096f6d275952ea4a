import type { AskedParameter, Question } from '../core/question.ts';
import type { Columns } from '../core/schema/column-type.ts';
import { stepStateColumns } from '../core/schema/columns.ts';
import { eventColumns } from '../core/schema/event-columns.ts';
import { SHOWN_STATUSES } from '../core/schema/status.ts';
import { columnsOfView, pick } from './columns-of.ts';
import { defineQuestion } from './define-question.ts';
import findRuns from './questions/find-runs.sql';
import runEvents from './questions/run-events.sql';
import runQuality from './questions/run-quality.sql';
import runReadsWrites from './questions/run-reads-writes.sql';
import runRelatives from './questions/run-relatives.sql';
import runTries from './questions/run-tries.sql';

const runs = columnsOfView('current_runs');
const runKey = pick(runs, 'environment', 'process_name', 'run_id');
const jsonText = (comment: string) => ({ type: 'varchar', comment: `JSON text: ${comment}` }) as const;

const yesOrNo = ['', 'yes', 'no'];
const patterns = {
  environment: { kind: 'pattern', default: '*', comment: 'the environment' },
  process_name: { kind: 'pattern', default: '*', comment: 'the pipeline' },
} as const satisfies Readonly<Record<string, AskedParameter>>;
const days = {
  since: { kind: 'instant', default: '2000-01-01', comment: 'from then on; fewer days cost less on AWS' },
  until: { kind: 'instant', default: '2099-12-31', comment: 'before then' },
} as const satisfies Readonly<Record<string, AskedParameter>>;
const atMost = (limit: number): AskedParameter => ({
  kind: 'integer',
  default: String(limit),
  comment: 'how many rows at most',
});
const run: AskedParameter = { kind: 'text', default: '', comment: 'the id of the run, whole' };

/** What is asked of one run: where several have the id, environment and pipeline say which. */
const ofOneRun = { run_id: run, ...patterns };

const findRunsColumns: Columns = {
  ...runKey,
  ...pick(runs, 'run_date'),
  listed_at: {
    type: 'timestamp',
    comment: 'start_time, else queued_at, else first_event_at: what the list is ordered by',
  },
  ...pick(runs, 'status', 'status_conflict', 'run_attempt', 'queued_at', 'start_time', 'end_time', 'duration_ms'),
  elapsed_ms: { type: 'bigint', comment: 'duration_ms; of a run that has not ended, the time since its start' },
  ...pick(runs, 'expected_max_duration_ms'),
  is_late: { type: 'boolean', comment: 'it takes, or took, longer than its SLA' },
  ...pick(runs, 'records_in', 'records_out', 'data_size_bytes_in', 'data_size_bytes_out', 'steps'),
  tries: { type: 'integer', comment: 'the most tries that a step of it took' },
  ...pick(runs, 'error_code', 'error_message', 'error_retryable', 'error_step'),
  failed_checks: { type: 'bigint', comment: 'data-quality checks that failed; null: none, or not asked for' },
  ...pick(runs, 'owner', 'user', 'process_type', 'run_mode', 'job_id', 'parent_run_id', 'root_run_id'),
  ...pick(runs, 'scheduled_for', 'first_event_at', 'last_event_at', 'lease_expires_at'),
};

/** Questions about runs and about one run, which the command line and the page ask. */
export const runQuestions: Readonly<Record<string, Question>> = {
  'find-runs': defineQuestion({
    name: 'find-runs',
    text: findRuns,
    asks: {
      ...patterns,
      run_id: { kind: 'text', default: '', comment: 'the beginning of the id of the run' },
      owner: { kind: 'pattern', default: '*', comment: 'who answers for it' },
      status: {
        kind: 'texts',
        default: SHOWN_STATUSES.join(','),
        comment: 'statuses, with commas between them',
        oneOf: SHOWN_STATUSES,
      },
      late: { kind: 'text', default: '', comment: 'whether it is over its SLA', oneOf: yesOrNo },
      open: { kind: 'text', default: '', comment: 'whether it is under way: not ended, and not lost', oneOf: yesOrNo },
      step: { kind: 'pattern', default: '*', comment: 'a step that it has' },
      error_code: { kind: 'pattern', default: '*', comment: 'a code of its errors, or of those of its steps' },
      tag: { kind: 'text', default: '', comment: 'a tag that it has: `name` or `name=value`' },
      quality: {
        kind: 'text',
        default: 'yes',
        comment: 'no: do not count failed checks, which reads the log',
        oneOf: ['yes', 'no'],
      },
      ...days,
      before: { kind: 'instant', default: '2099-12-31', comment: 'the page after this one: listed_at of its last row' },
      skip: { kind: 'integer', default: '0', comment: 'how many rows of exactly that time have been seen' },
      limit: atMost(50),
    },
    columns: findRunsColumns,
  }),
  'run-events': defineQuestion({
    name: 'run-events',
    text: runEvents,
    asks: {
      ...ofOneRun,
      step: { kind: 'pattern', default: '*', comment: 'only events of this step' },
      errors: { kind: 'text', default: '', comment: 'yes: only errors and failed ends', oneOf: ['', 'yes'] },
      ...days,
      skip: { kind: 'integer', default: '0', comment: 'how many rows have been seen' },
      limit: atMost(1000),
    },
    columns: {
      ...pick(eventColumns, 'event_key', 'event_time', 'received_at'),
      ...runKey,
      ...pick(eventColumns, 'event_type', 'step_name', 'step_index', 'map_index', 'status', 'run_attempt', 'attempt'),
      ...pick(eventColumns, 'start_time', 'end_time', 'duration_ms', 'records_in', 'records_out'),
      ...pick(eventColumns, 'data_size_bytes_in', 'data_size_bytes_out', 'log_level', 'message'),
      error_code: { type: 'varchar', comment: 'code of the error it tells of' },
      error_message: { type: 'varchar', comment: 'message of that error' },
      root_cause: { type: 'varchar', comment: 'what caused that error' },
      stack_trace: { type: 'varchar', comment: 'its stack trace, as written' },
      error_retryable: { type: 'boolean', comment: 'whether trying again may help' },
      metrics: jsonText('numbers the pipeline measured'),
      params: jsonText('parameters of the run'),
      tags: jsonText('free labels'),
      planned_steps: jsonText('the steps that the run means to take'),
      quality: jsonText('results of data-quality checks'),
      reporter: { type: 'varchar', comment: 'who says it' },
      producer_name: { type: 'varchar', comment: 'the client that sent it' },
      producer_seq: { type: 'bigint', comment: 'its number among what that client sent' },
      ...pick(eventColumns, 'extra'),
    },
  }),
  'run-tries': defineQuestion({
    name: 'run-tries',
    text: runTries,
    asks: { ...ofOneRun, ...days, limit: atMost(10_000) },
    columns: {
      ...runKey,
      run_attempt: { type: 'integer', comment: 'the attempt of the run' },
      ...pick(eventColumns, 'step_name', 'step_index', 'map_index'),
      attempt: { type: 'integer', comment: 'the try of the step, from 1; null: the run itself' },
      ...pick(stepStateColumns, 'status', 'start_time', 'end_time', 'duration_ms', 'records_in', 'records_out'),
      error_code: { type: 'varchar', comment: 'code of the first error of the try' },
      error_message: { type: 'varchar', comment: 'message of that error' },
      root_cause: { type: 'varchar', comment: 'what caused that error' },
      stack_trace: { type: 'varchar', comment: 'its stack trace, as written' },
    },
  }),
  'run-quality': defineQuestion({
    name: 'run-quality',
    text: runQuality,
    asks: { ...ofOneRun, ...days, limit: atMost(1000) },
    columns: pick(
      columnsOfView('quality_results'),
      ...['environment', 'process_name', 'run_id', 'step_name', 'event_time', 'dataset', 'check_name', 'success'],
      ...['severity', 'expected', 'actual', 'records_checked', 'records_failed'],
    ),
  }),
  'run-reads-writes': defineQuestion({
    name: 'run-reads-writes',
    text: runReadsWrites,
    asks: { ...ofOneRun, ...days, limit: atMost(1000) },
    columns: {
      ...runKey,
      ...pick(eventColumns, 'step_name', 'event_time', 'event_type'),
      read_datasets: jsonText('`[{type, path, size_bytes, records}]`'),
      written_datasets: jsonText('`[{type, path, partition, size_bytes, records}]`'),
    },
  }),
  'run-relatives': defineQuestion({
    name: 'run-relatives',
    text: runRelatives,
    asks: { ...ofOneRun, limit: atMost(100) },
    columns: {
      relation: { type: 'varchar', comment: 'parent, root, child, descendant, or same slot: another run of its slot' },
      of_run_id: { type: 'varchar', comment: 'the run that was asked for' },
      ...runKey,
      ...pick(runs, 'run_attempt', 'status', 'scheduled_for', 'start_time', 'end_time', 'duration_ms', 'records_out'),
      ...pick(runs, 'error_code', 'error_message', 'parent_run_id'),
    },
  }),
};
