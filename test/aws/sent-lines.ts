import { hash } from 'node:crypto';
import { explain, type Rejection } from '../../core/accept/rejection.ts';
import type { AcceptSettings } from '../../core/accept/settings.ts';
import { maskOf } from '../../core/mask/mask.ts';
import type { Event } from '../../core/schema/event.ts';
import { type AcceptedBatch, acceptRecords } from '../../flows/accept.ts';

const settings: AcceptSettings = {
  environment: 'prod',
  zone: 'UTC',
  keepUserEmail: false,
  userSalt: 'a salt of this test',
  mask: maskOf(),
  hash: (content) => hash('sha256', content).slice(0, 32),
};

/** What producers sent, as accept takes it. */
export const accepted = (lines: readonly string[]): AcceptedBatch =>
  acceptRecords([Buffer.from(lines.join('\n'))], '2025-11-05T00:30:00.000Z', settings);

/** An event as it lands: accept's stamps stand first. */
export const landedLine = ({ event_key, event_date, event_time, ...rest }: Event): string =>
  JSON.stringify({ event_key, event_date, event_time, ...rest });

/** A rejection as it lands. */
export const rejectedLine = ({ rejection_key, received_at, reason, payload }: Rejection): string =>
  JSON.stringify({ rejection_key, received_at, kind: reason.kind, explanation: explain(reason), payload });

/** Two loads of one pipeline with everything an event can hold, told in both rounds. */
export const sentFirst: readonly string[] = [
  {
    process_name: 'customer_daily',
    run_id: 'run-1',
    event_type: 'RUN_START',
    created_at: '2025-11-03T08:00:00.123456Z',
    scheduled_for: '2025-11-03T08:00:00Z',
    data_interval_start: '2025-11-02T00:00:00Z',
    data_interval_end: '2025-11-03T00:00:00Z',
    sla: { expected_max_duration_ms: 600_000 },
    user: 'jane@example.com',
    tags: { env: 'prod', team: 'ööö', '': 'no name' },
    params: { day: '2025-11-03', n: 5, deep: { a: [1, null, 'x'] } },
    cluster: { cluster_id: 'c-1', executor_count: 4, spark_version: '3.5' },
    producer: { name: 'sdk', version: '1.0.0', instance_id: 'i', seq: 1 },
    owner: 'team "data"',
    unheard_of: { of: ['the', 'schema'], n: 1.5 },
  },
  {
    process_name: 'customer_daily',
    run_id: 'run-1',
    step_name: 'load',
    step_index: 1,
    event_type: 'STEP_END',
    status: 'SUCCESS',
    created_at: '2025-11-03T08:04:00Z',
    input_sources: [
      { type: 's3', path: 's3://in/a', size_bytes: 10, records: 1 },
      { type: 'jdbc', path: 'it\'s \\ "here"' },
      { type: 'none' },
    ],
    output_targets: [{ type: 'delta', path: 's3://out/b', partition: 'dt=2025-11-03', records: 7 }],
    quality: [
      {
        dataset: 'b',
        check_name: 'not null',
        success: false,
        severity: 'high',
        expected: '0',
        actual: '3',
        records_failed: 3,
      },
      { dataset: 'b', check_name: 'unique', success: true },
    ],
    metrics: { memory_used_mb: 512.25, ratio: 1e-7, big: 1.5e300, zero: -0 },
    message: "tab\there, bell \u0007, emoji \u{1F600}, quote ', backslash \\n",
  },
  { process_name: 'customer_daily', run_id: 'run-1', event_type: 'RUN_END', created_at: '2025-11-04T00:20:00Z' },
  {
    process_name: 'customer_daily',
    run_id: 'run-2',
    parent_run_id: 'run-1',
    event_type: 'RUN_END',
    status: 'SUCCESS',
    end_time: '2025-11-04T00:10:00Z',
    records_out: 7,
  },
  {
    pipeline_name: 'legacy',
    run_id: 123,
    stage: 'job',
    status: 'FAILURE',
    log_ts: '2025-11-03 07:00:00',
    duration_sec: 12.5,
    error_code: 'T101',
    error_message: 'broken',
  },
  // Runs that begin in a time no clock has reached are open whenever they are looked at.
  {
    process_name: 'far',
    run_id: 'open',
    event_type: 'RUN_START',
    created_at: '2099-06-01T00:00:00Z',
    cluster_id: 'c-9',
  },
  {
    process_name: 'far',
    run_id: 'slow',
    event_type: 'RUN_START',
    created_at: '2025-11-01T00:00:00Z',
    sla: { expected_max_duration_ms: 1 },
  },
].map((event) => JSON.stringify(event));

/** Fourteen nights of a pipeline that grows slower and fails each third night, and a day of one that runs each hour. */
export const sentNightly: readonly string[] = [
  ...Array.from({ length: 14 }, (_, night) => nightly(night)).flat(),
  ...Array.from({ length: 16 }, (_, hour) => hourly(hour)),
].map((event) => JSON.stringify(event));

function nightly(night: number): readonly object[] {
  const day = new Date(Date.UTC(2025, 9, 9 + 2 * night)).toISOString().slice(0, 10);
  const status = night % 3 === 2 ? 'FAILED' : 'SUCCESS';
  const run = { process_name: 'nightly', run_id: `night ${night}`, owner: 'crm', cluster_id: 'c-2' };
  const step = { ...run, event_type: 'STEP_END', created_at: `${day}T01:04:00Z` };
  const error = status === 'FAILED' ? { error: { error_code: 'R401', message: 'out of memory' } } : {};
  return [
    {
      ...{ ...run, event_type: 'RUN_START', created_at: `${day}T01:00:00Z`, scheduled_for: `${day}T01:00:00Z` },
      ...{ data_interval_start: `${day}T00:00:00Z`, data_interval_end: `${day}T01:00:00Z` },
      sla: { expected_max_duration_ms: 250_000 },
    },
    {
      ...{ ...step, step_name: 'extract', step_index: 0, status: 'SUCCESS', attempt: (night % 2) + 1 },
      ...{ start_time: `${day}T01:00:00Z`, end_time: `${day}T01:02:00Z` },
      ...{
        input_sources: [{ type: 'jdbc', path: 'db.orders' }],
        metrics: { shuffle_bytes: 1000 + night, dpu_seconds: 1800 + night },
      },
      output_targets: [{ type: 'delta', path: 's3://in/a' }],
    },
    {
      ...{ ...step, step_name: 'load', step_index: 1, status, ...error },
      ...{ start_time: `${day}T01:01:00Z`, end_time: `${day}T01:03:00Z` },
      metrics: { shuffle_read_bytes: 10, shuffle_write_bytes: 5 },
      quality: [{ dataset: 'b', check_name: 'fresh', success: status === 'SUCCESS', records_checked: 10 }],
    },
    {
      ...{ ...run, event_type: 'RUN_END', status, end_time: `${day}T01:${10 + night}:00Z`, ...error },
      ...{ records_out: 100 + night, data_size_bytes_in: 5000, data_size_bytes_out: 1000 },
    },
  ];
}

function hourly(hour: number): object {
  const at = `2025-11-03T${String(hour).padStart(2, '0')}`;
  return {
    ...{ process_name: 'hourly', run_id: `hour ${hour}`, event_type: 'RUN_END', status: 'SUCCESS' },
    cluster: { cluster_id: 'c-3', cluster_size: `${hour} x ${hour % 2 === 0 ? "r5.4x'large" : 'unknown'}` },
    start_time: `${at}:00:00Z`,
    end_time: `${at}:0${hour % 7}:30Z`,
    ...{ records_out: 100 + ((hour * 7) % 13) },
  };
}

/** What arrived late: the start of a run that had ended, a step's index, an error, a repetition. */
export const sentLater: readonly string[] = [
  ...[
    { process_name: 'customer_daily', run_id: 'run-2', event_type: 'RUN_START', created_at: '2025-11-03T23:50:00Z' },
    {
      process_name: 'customer_daily',
      run_id: 'run-3',
      step_name: 'load',
      event_type: 'STEP_START',
      created_at: '2025-11-03T09:00:00Z',
    },
    {
      process_name: 'customer_daily',
      run_id: 'run-3',
      step_name: 'load',
      event_type: 'ERROR',
      created_at: '2025-11-03T09:01:00Z',
      error: { error_code: 'D201', message: 'schema', retryable: false },
    },
  ].map((event) => JSON.stringify(event)),
  sentFirst[0] ?? '',
];

export const sentLast: readonly string[] = [
  {
    process_name: 'customer_daily',
    run_id: 'run-3',
    step_name: 'load',
    step_index: 2,
    event_type: 'STEP_END',
    status: 'FAILED',
    created_at: '2025-11-03T09:02:00Z',
  },
  {
    process_name: 'customer_daily',
    run_id: 'run-1',
    event_type: 'RUN_END',
    status: 'FAILED',
    created_at: '2025-11-04T00:21:00Z',
    reporter: 'aws.glue',
  },
].map((event) => JSON.stringify(event));

/** What accept rejects, one of them twice. */
export const unfit: readonly string[] = [
  'not json',
  '[1]',
  '{"run_id":"1"}',
  '{"process_name":"p","run_id":"1"}',
  'not json',
  '{"a":"\u{1F600}"',
];

/**
 * Lines accept did not write, put into `raw/` by hand: they are counted, and nothing else. Line ends are not mixed
 * among them: DuckDB would count a CRLF among LFs as two.
 */
export const strayLines: readonly string[] = [
  'not json',
  '',
  '\\N',
  '"text"',
  '[1]',
  '{"event_type":"RUN_START"}',
  `{"event_key":"${'0'.repeat(32)}","event_date":"2025-11-03","event_time":"cut off`,
];
