import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { argumentsOf } from '../../core/question.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { render } from '../../sql/define-query.ts';
import { questions } from '../../sql/questions.ts';

/** One small ledger of runs that went every way, and what each view says of them. */
let dir: string;
let ledger: FolderLedger;

const NOW_MS = Date.now();
const ago = (minutes: number) => new Date(NOW_MS - minutes * 60_000).toISOString();
const run = (run_id: string, minutes: number, fields: object) => ({
  process_name: 'orders',
  run_id,
  created_at: ago(minutes),
  ...fields,
});
const start = { event_type: 'RUN_START' };
const end = (status: string) => ({ event_type: 'RUN_END', status });

const EVENTS = [
  run('good', 90, { ...start, data_interval_end: '2025-11-03T00:00:00Z' }),
  run('good', 89, {
    event_type: 'STEP_START',
    step_name: 'load',
    step_index: 0,
    input_sources: [
      { type: 's3', path: 's3://in/a' },
      { type: 's3', path: 's3://in/b' },
    ],
  }),
  run('good', 85, {
    event_type: 'STEP_END',
    status: 'SUCCESS',
    step_name: 'load',
    step_index: 0,
    output_targets: [{ type: 'delta', path: 's3://out/t', partition: 'date=1', schema: { id: 'bigint' } }],
    records_out: 10,
  }),
  run('good', 84, {
    event_type: 'QUALITY',
    quality: [{ dataset: 't', check_name: 'not_null', success: false, records_checked: 10, records_failed: 2 }],
  }),
  run('good', 80, end('SUCCESS')),
  run('late heartbeat', 70, start),
  run('late heartbeat', 65, end('SUCCESS')),
  run('late heartbeat', 64, { event_type: 'HEARTBEAT', status: 'RUNNING' }),
  run('failed', 60, start),
  run('failed', 59, {
    event_type: 'STEP_END',
    status: 'FAILED',
    step_name: 'load',
    step_index: 0,
    error: { error_code: 'D201', message: 'schema' },
  }),
  run('failed', 58, { ...end('FAILED'), error: { error_code: 'D201', message: 'schema' } }),
  run('slow', 50, { ...start, sla: { expected_max_duration_ms: 60_000 } }),
  run('slow', 40, end('SUCCESS')),
  run('late and open', 30, { ...start, sla: { expected_max_duration_ms: 20 * 60_000 } }),
  run('silent', 20, { ...start, heartbeat_interval_ms: 60_000 }),
  run('silent after an error', 20, { ...start, heartbeat_interval_ms: 60_000 }),
  run('silent after an error', 19, { event_type: 'ERROR', error: { error_code: 'R401' } }),
  run('suspect', 5, { ...start, heartbeat_interval_ms: 120_000 }),
  run('running', 1, start),
];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  ledger = await openLedger({ dir });
  await ledger.send([Buffer.from(EVENTS.map((event) => JSON.stringify(event)).join('\n'))]);
  await ledger.settle();
});
afterAll(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

const rows = async (sql: string) => (await ledger.query(sql)).rows;

test('current_runs: what was reported, and what the clock makes of silence', async () => {
  expect(Object.fromEntries((await rows('select run_id, status from current_runs')) as [string, string][])).toEqual({
    good: 'SUCCESS',
    'late heartbeat': 'SUCCESS',
    failed: 'FAILED',
    slow: 'SUCCESS',
    'late and open': 'RUNNING',
    silent: 'LOST',
    'silent after an error': 'FAILED',
    suspect: 'SUSPECT',
    running: 'RUNNING',
  });
});

test('the live runs say the same as the view', async () => {
  const live = await ledger.runs({ limit: 100 });
  const view = await rows('select run_id, status from current_runs order by start_time desc, run_id');
  expect(new Map(live.map((each) => [each.run_id, each.status]))).toEqual(new Map(view as [string, string][]));
});

test('active_runs: a finished run is not running, whatever arrives after its end; a lost one neither', async () => {
  expect(await rows('select run_id, is_late from active_runs order by start_time')).toEqual([
    ['late and open', true],
    ['suspect', false],
    ['running', false],
  ]);
});

test('sla_breaches: a run that never ends is late all the same', async () => {
  expect(await rows('select run_id, is_open from sla_breaches order by run_id')).toEqual([
    ['late and open', true],
    ['slow', false],
  ]);
});

test('job_metrics: silence counts as failure', async () => {
  const [sums] = await rows(
    'select sum(total_runs), sum(success_count), sum(failure_count), sum(lost_count), sum(open_count) from job_metrics',
  );
  expect(sums).toEqual([9, 3, 3, 1, 3]);
});

test('failure_rates: of the runs, and of each step', async () => {
  const latest = (step: string) =>
    rows(`select ended_7d, failed_7d from failure_rates where step_name ${step} order by run_date desc limit 1`);
  expect(await latest('is null')).toEqual([[6, 3]]);
  expect(await latest("= 'load'")).toEqual([[2, 1]]);
});

test('run_status_history: from when to when each word stood', async () => {
  expect(
    await rows(
      "select status, valid_to is null, is_current from run_status_history where run_id = 'failed' order by valid_from",
    ),
  ).toEqual([
    ['RUNNING', false, false],
    ['FAILED', true, true],
  ]);
});

test('lineage_edges: every source to every target of the run', async () => {
  expect(await rows('select source_path, target_path from lineage_edges order by 1')).toEqual([
    ['s3://in/a', 's3://out/t'],
    ['s3://in/b', 's3://out/t'],
  ]);
});

test('quality_results and watermarks', async () => {
  expect(await rows('select check_name, success, records_failed from quality_results')).toEqual([
    ['not_null', false, 2],
  ]);
  expect(await rows('select data_until, last_success_run_id from watermarks')).toEqual([
    ['2025-11-03T00:00:00.000Z', 'slow'],
  ]);
});

/** Those about runs have a test of their own. */
const counted = Object.values(questions).filter(({ asks }) => !Object.hasOwn(asks, 'run_id'));

describe('the questions people ask', () => {
  test.each(counted.map((query) => [query.name, query] as const))('%s', async (name, query) => {
    // A run may have begun before midnight.
    const given: Readonly<Record<string, string>> =
      name === 'expected-against-actual' ? { day: ago(1).slice(0, 10) } : {};
    const answer = await ledger.query(render(query, argumentsOf(query, given, new Date(NOW_MS).toISOString())));
    const first = {
      ...{ 'failures-in-7-days': 3, 'running-now': 3, 'sla-misses': 2, 'latest-status-per-step': 1 },
      ...{
        'never-succeeded': 0,
        'incident-story': 0,
        'rejected-lines': 0,
        'slowest-growing': 0,
        shuffle: 0,
        audit: 0,
        'schema-changes': 0,
      },
    }[name];
    if (name === 'failures-in-7-days') expect(answer.rows[0]?.[2]).toBe(first);
    else if (first === undefined) expect(answer.rows.length).toBeGreaterThan(0);
    else expect(answer.rows).toHaveLength(first);
  });
});
