import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { questionText } from '../../sql/questions.ts';

/** Questions about runs, asked of a small ledger of runs that went every way. */
let dir: string;
let ledger: FolderLedger;

const NOW_MS = Date.now();
const ago = (minutes: number, seconds = 0) => new Date(NOW_MS - minutes * 60_000 + seconds * 1000).toISOString();
const event = (process_name: string, run_id: string, created_at: string, fields: object) => ({
  process_name,
  run_id,
  created_at,
  ...fields,
});
const start = { event_type: 'RUN_START' };
const end = (status: string) => ({ event_type: 'RUN_END', status });
const step = (step_name: string, attempt: number) => ({ step_name, attempt });

const EVENTS = [
  event('orders_daily', 'o-good', ago(300), {
    ...start,
    owner: 'sales',
    tags: { team: 'red', tier: '1' },
    params: { day: '2025-11-03' },
    planned_steps: ['extract', 'load'],
    scheduled_for: ago(301),
  }),
  event('orders_daily', 'o-good', ago(299), { event_type: 'STEP_START', ...step('extract', 1) }),
  event('orders_daily', 'o-good', ago(298), {
    event_type: 'STEP_END',
    status: 'FAILED',
    ...step('extract', 1),
    error: {
      error_code: 'T101',
      message: 'away',
      stack_trace: 'Error: away\n\tat a\n\tat b',
      root_cause: 'ECONNRESET',
    },
  }),
  event('orders_daily', 'o-good', ago(297), { event_type: 'STEP_START', ...step('extract', 2) }),
  event('orders_daily', 'o-good', ago(296), {
    event_type: 'STEP_END',
    status: 'SUCCESS',
    ...step('extract', 2),
    records_out: 10,
    input_sources: [{ type: 's3', path: 's3://in/a', records: 10 }],
    output_targets: [{ type: 'delta', path: 's3://out/t', records: 9 }],
  }),
  event('orders_daily', 'o-good', ago(295), {
    event_type: 'QUALITY',
    quality: [
      { dataset: 't', check_name: 'unique', success: true },
      { dataset: 't', check_name: 'not_null', success: false, severity: 'error', records_failed: 2 },
    ],
  }),
  event('orders_daily', 'o-good', ago(294), { event_type: 'METRIC', metrics: { rows_per_s: 12.5 } }),
  event('orders_daily', 'o-good', ago(290), { ...end('SUCCESS'), message: 'all is loaded' }),
  event('orders_daily', 'o-again', ago(280), { ...start, scheduled_for: ago(301), run_attempt: 2 }),
  event('orders_daily', 'o-again', ago(279), end('SUCCESS')),
  event('orders_hourly', 'h-failed', ago(200), { ...start, owner: 'ops', parent_run_id: 'o-good' }),
  event('orders_hourly', 'h-failed', ago(199), { event_type: 'STEP_START', ...step('load', 1) }),
  event('orders_hourly', 'h-failed', ago(190), {
    ...end('FAILED'),
    error: { error_code: 'D201', message: 'schema', stack_trace: 'a trace' },
  }),
  event('100%_x', 'p-late', ago(100), { ...start, sla: { expected_max_duration_ms: 60_000 } }),
  event('100%_x', 'p-slow', ago(90), { ...start, sla: { expected_max_duration_ms: 60_000 } }),
  event('100%_x', 'p-slow', ago(80), end('SUCCESS')),
  ...['a', 'b', 'c'].map((name) => event('same_time', name, ago(50), start)),
  event('100 yx', 'near', ago(40), start),
];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-'));
  ledger = await openLedger({ dir });
  await ledger.send([Buffer.from(EVENTS.map((each) => JSON.stringify(each)).join('\n'))]);
  await ledger.settle();
});
afterAll(async () => {
  await ledger.close();
  rmSync(dir, { recursive: true, force: true });
});

type Row = Readonly<Record<string, unknown>>;

async function ask(name: string, given: Readonly<Record<string, string>>): Promise<readonly Row[]> {
  const { columns, rows } = await ledger.query(questionText(name, given, new Date(NOW_MS).toISOString()));
  return rows.map((row) => Object.fromEntries(columns.map((column, at) => [column.name, row[at]])));
}

const found = async (given: Readonly<Record<string, string>>) =>
  (await ask('find-runs', given)).map((row) => row.run_id);

describe('find-runs', () => {
  test.each([
    [{ process_name: 'orders_daily' }, ['o-again', 'o-good']],
    [{ process_name: 'orders*' }, ['h-failed', 'o-again', 'o-good']],
    [{ process_name: '*hourly' }, ['h-failed']],
    [{ process_name: '100%_x' }, ['p-slow', 'p-late']],
    [{ status: 'FAILED,LOST' }, ['h-failed']],
    [{ owner: 'sales' }, ['o-good']],
    [{ tag: 'team=red' }, ['o-good']],
    [{ tag: 'tier' }, ['o-good']],
    [{ tag: 'team=blue' }, []],
    [{ step: 'ext*' }, ['o-good']],
    [{ error_code: 'D2*' }, ['h-failed']],
    [{ error_code: 'T101' }, []],
    [{ late: 'yes' }, ['p-slow', 'p-late']],
    [{ late: 'yes', open: 'no' }, ['p-slow']],
    [{ open: 'yes', process_name: 'same*' }, ['a', 'b', 'c']],
    [{ run_id: 'p-' }, ['p-slow', 'p-late']],
    [{ since: '210m', until: '95m' }, ['p-late', 'h-failed']],
    [{ environment: 'prod' }, []],
  ])('%j', async (given, ids) => {
    expect(await found(given)).toEqual(ids);
  });

  test('pages go on after the last row, also among runs of one time', async () => {
    const seen: unknown[] = [];
    let given: Record<string, string> = { limit: '2' };
    for (;;) {
      const page = await ask('find-runs', given);
      seen.push(...page.map(({ run_id }) => run_id));
      const last = String(page.at(-1)?.listed_at);
      if (page.length < 2) break;
      const isSame = given.before === last;
      const skip = page.filter(({ listed_at }) => listed_at === last).length + (isSame ? Number(given.skip) : 0);
      given = { limit: '2', before: last, skip: String(skip) };
    }
    expect(seen).toEqual(await found({}));
  });

  test('shows tries, failed checks, lateness and the time of those that go on', async () => {
    const [good] = await ask('find-runs', { run_id: 'o-good' });
    expect(good).toMatchObject({ tries: 2, failed_checks: 1, is_late: false, elapsed_ms: 600_000, owner: 'sales' });
    const [late] = await ask('find-runs', { run_id: 'p-late' });
    expect(late).toMatchObject({ is_late: true, elapsed_ms: 6_000_000, duration_ms: null });
    const [unread] = await ask('find-runs', { run_id: 'o-good', quality: 'no' });
    expect(unread).toMatchObject({ failed_checks: null });
  });

  test('a status that there is not is refused', async () => {
    await expect(ask('find-runs', { status: 'BROKEN' })).rejects.toThrow(
      /expected status as one of FAILED, .*"BROKEN"/,
    );
  });
});

test('run-events: every event in order, with the trace as it was written', async () => {
  const events = await ask('run-events', { run_id: 'o-good' });
  expect(events.map(({ event_type }) => event_type)).toEqual([
    ...['RUN_START', 'STEP_START', 'STEP_END', 'STEP_START', 'STEP_END', 'QUALITY', 'METRIC', 'RUN_END'],
  ]);
  expect(events[0]).toMatchObject({ params: '{"day":"2025-11-03"}', planned_steps: '["extract","load"]' });
  expect(events[2]).toMatchObject({ error_code: 'T101', stack_trace: 'Error: away\n\tat a\n\tat b', attempt: 1 });
  expect(events[6]).toMatchObject({ metrics: '{"rows_per_s":12.5}' });
  expect((await ask('run-events', { run_id: 'o-good', errors: 'yes' })).map((row) => row.attempt)).toEqual([1]);
  expect(await ask('run-events', { run_id: 'o-good', step: 'ext*' })).toHaveLength(4);
  expect(await ask('run-events', { run_id: 'o-good', skip: '6' })).toHaveLength(2);
});

test('run-tries: each try of each step with its error, and the run itself', async () => {
  expect(await ask('run-tries', { run_id: 'o-good' })).toMatchObject([
    { step_name: null, attempt: null, status: 'SUCCESS', duration_ms: 600_000 },
    { step_name: 'extract', attempt: 1, status: 'FAILED', duration_ms: 60_000, error_code: 'T101' },
    { step_name: 'extract', attempt: 2, status: 'SUCCESS', duration_ms: 60_000, records_out: 10, error_code: null },
  ]);
});

test('run-tries: what a failed run left open is abandoned', async () => {
  expect(await ask('run-tries', { run_id: 'h-failed' })).toMatchObject([
    { step_name: null, status: 'FAILED', error_message: 'schema', stack_trace: 'a trace' },
    { step_name: 'load', status: 'ABANDONED', duration_ms: null },
  ]);
});

test('run-quality: failed checks first', async () => {
  expect(await ask('run-quality', { run_id: 'o-good' })).toMatchObject([
    { check_name: 'not_null', success: false, severity: 'error', records_failed: 2 },
    { check_name: 'unique', success: true },
  ]);
});

test('run-reads-writes: by step, with what was counted', async () => {
  const [only, ...others] = await ask('run-reads-writes', { run_id: 'o-good' });
  expect(others).toEqual([]);
  expect(only).toMatchObject({ step_name: 'extract' });
  expect(JSON.parse(String(only?.read_datasets))).toMatchObject([{ type: 's3', path: 's3://in/a', records: 10 }]);
  expect(JSON.parse(String(only?.written_datasets))).toMatchObject([{ path: 's3://out/t', records: 9 }]);
});

test('run-relatives: children and other runs of its slot; of a child, its parent', async () => {
  const related = async (run_id: string) =>
    (await ask('run-relatives', { run_id })).map((row) => [row.relation, row.run_id]);
  expect(await related('o-good')).toEqual([
    ['child', 'h-failed'],
    ['same slot', 'o-again'],
  ]);
  expect(await related('h-failed')).toEqual([['parent', 'o-good']]);
});

test('a run of no id is none', async () => {
  for (const name of ['run-events', 'run-tries', 'run-quality', 'run-reads-writes', 'run-relatives']) {
    expect(await ask(name, {})).toEqual([]);
  }
});
