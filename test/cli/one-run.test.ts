import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Decision, newRecovery } from '../../core/recovery/recovery.ts';
import type { FolderLedger } from '../../ledger/api.ts';
import { openLedger } from '../../local/ledger.ts';
import { aLedger, anIo, runOn } from './fakes.ts';

/** The commands about one run, on a real ledger of a folder. */
let home: string;
let ledger: FolderLedger;
const at = (seconds: number) => new Date(Date.UTC(2025, 10, 3, 11, 0, seconds)).toISOString();
const event = (run_id: string, seconds: number, fields: object) => ({
  process_name: 'orders_daily',
  run_id,
  created_at: at(seconds),
  ...fields,
});
const EVENTS = [
  event('r-1', 0, { event_type: 'RUN_START', tags: { team: 'red' }, params: { day: '2025-11-02' } }),
  event('r-1', 1, { event_type: 'STEP_START', step_name: 'extract', attempt: 1 }),
  event('r-1', 2, {
    event_type: 'STEP_END',
    step_name: 'extract',
    attempt: 1,
    status: 'FAILED',
    error: {
      error_code: 'T101',
      message: 'reset',
      stack_trace: 'Error: reset\n\tat read\u001b[2J',
      root_cause: 'peer',
    },
  }),
  event('r-1', 3, { event_type: 'STEP_START', step_name: 'extract', attempt: 2 }),
  event('r-1', 4, {
    event_type: 'STEP_END',
    step_name: 'extract',
    attempt: 2,
    status: 'SUCCESS',
    records_out: 10,
    input_sources: [{ type: 's3', path: 's3://in/a', records: 10 }],
    output_targets: [{ type: 'delta', path: 'mart.orders', records: 9 }],
  }),
  event('r-1', 5, {
    event_type: 'QUALITY',
    quality: [
      { dataset: 'mart.orders', check_name: 'not_null', success: false, severity: 'error', records_failed: 2 },
      { dataset: 'mart.orders', check_name: 'unique', success: true },
    ],
  }),
  event('r-1', 6, { event_type: 'METRIC', metrics: { rows_per_s: 12.5 } }),
  event('r-1', 7, { event_type: 'CHECKPOINT', message: 'half way' }),
  event('r-1', 8, { event_type: 'RUN_END', status: 'SUCCESS', message: 'all is loaded' }),
  { ...event('c-1', 9, { event_type: 'RUN_START', parent_run_id: 'r-1' }), process_name: 'child' },
  { ...event('c-1', 10, { event_type: 'RUN_END', status: 'SUCCESS' }), process_name: 'child' },
];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'runledger-one-run-'));
  ledger = await openLedger({ dir: join(home, '.runledger') });
  await ledger.send([Buffer.from(EVENTS.map((each) => JSON.stringify(each)).join('\n'))]);
});
afterAll(async () => {
  await ledger.close();
  rmSync(home, { recursive: true, force: true });
});

/** Every command would open the ledger anew; they share one that is open. */
async function typed(args: readonly string[], columns?: number, others: Partial<FolderLedger> = {}) {
  const shared = { ...aLedger(), ...ledger, ...others, close: async () => undefined };
  return runOn(shared, args, anIo(columns === undefined ? {} : { columns }));
}

test('a list shows that checks failed and steps were tried again', async () => {
  const { code, out } = await typed(['runs', '--tag', 'team=red']);
  expect(code).toBe(0);
  expect(out).toContain('1 check failed; 2 tries');
});

test('show tells everything that the events of the run told', async () => {
  const { code, out } = await typed(['show', 'orders_daily']);
  expect(code).toBe(0);
  for (const told of [
    'params         day=2025-11-02',
    'tags           team=red',
    'message        all is loaded',
    'extract (try 1)',
    'extract (try 2)',
    'try 1          of step extract: T101 reset',
    'not_null  mart.orders  FAILED  error',
    's3://in/a    extract       10',
    'wrote  mart.orders  extract        9',
    'rows_per_s        12.5',
    'half way',
    'child    SUCCESS  child     c-1',
  ]) {
    expect(out).toContain(told);
  }
});

test('show --json holds the same as values', async () => {
  const shown = JSON.parse((await typed(['show', 'r-1', '--json'])).out);
  expect(shown).toMatchObject({
    run: { run_id: 'r-1', status: 'SUCCESS' },
    tries: [{ step_name: null }, { attempt: 1, status: 'FAILED' }, { attempt: 2, status: 'SUCCESS' }],
    quality: [{ check_name: 'not_null', success: false }, { check_name: 'unique' }],
    reads: [{ path: 's3://in/a', records: 10 }],
    writes: [{ path: 'mart.orders', records: 9 }],
    params: { day: '2025-11-02' },
    metrics: { rows_per_s: 12.5 },
    end_message: 'all is loaded',
    stack_trace: expect.stringContaining('at read'),
    relatives: [{ relation: 'child', run_id: 'c-1' }],
  });
});

describe('what was decided about a run', () => {
  const decision = { number: 1, run_attempt: 1, at: '2025-11-03T11:11:00.000Z', reason: 'RETRYABLE' } as const;
  const decisions: readonly Decision[] = [
    { ...decision, kind: 'started', run_id: 'r-0', new_run_id: 'r-1', text: 'it started as process 7' },
    { ...decision, kind: 'restart', run_id: 'r-1', text: 'T101 may go away: it starts again in a minute, as r-2' },
    { ...decision, kind: 'no', run_id: 'r-9', text: 'of another run' },
  ];
  const slot = { environment: 'prod', process_name: 'orders_daily', slot: '2025-11-03T11:00:00.000Z' };
  const list = async () => [{ ...newRecovery(slot), decisions }];
  const others = () => ({ recovery: { ...ledger.recovery, list } });

  test('is a part of it: about the run itself and about its start, each with its reason', async () => {
    const { code, out } = await typed(['show', 'r-1'], undefined, others());
    expect(code).toBe(0);
    expect(out).toContain('started      it started as process 7\n');
    expect(out).toContain('restart      T101 may go away: it starts again in a minute, as r-2\n');
    expect(out).not.toContain('of another run');
    expect(JSON.parse((await typed(['show', 'r-1', '--json'], undefined, others())).out)).toMatchObject({
      decisions: [{ kind: 'started' }, { kind: 'restart', run_id: 'r-1' }],
    });
  });

  test('is wrapped on a narrow terminal, and never cut', async () => {
    const out = stripVTControlCharacters((await typed(['show', 'r-1'], 60, others())).out);
    const said = out.slice(out.indexOf('T101 may')).split('\n\n')[0] ?? '';
    expect(said.split('\n').length).toBeGreaterThan(1);
    expect(said.replaceAll(/\s+/g, ' ')).toBe('T101 may go away: it starts again in a minute, as r-2');
  });
});

describe('events', () => {
  test('are listed in order, with what each said', async () => {
    const { code, out } = await typed(['events', 'r-1']);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(lines[3]).toContain('STEP_END    extract  FAILED     1  T101 reset');
    expect(lines[6]).toContain('1 of 2 checks failed: not_null');
    expect(lines[7]).toContain('rows_per_s=12.5');
  });

  test('that are errors are listed with cause and trace, and no escape reaches the terminal', async () => {
    const { out } = await typed(['events', 'r-1', '--errors']);
    expect(out).toContain('    peer\n    Error: reset\n        at read\n');
    expect(out).not.toContain('\u001b');
  });

  test('of one step, at most so many, as JSON with nested values', async () => {
    const { out, err } = await typed(['events', 'r-1', '--step', 'ext*', '-n', '1', '--json']);
    expect(JSON.parse(out)).toMatchObject([{ event_type: 'STEP_START', metrics: null }]);
    expect(err).toBe('these are the first 1, there are more; --limit shows more\n');
  });

  test('are followed until the run has ended', async () => {
    const { code, out } = await typed(['events', 'r-1', '--follow']);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(10);
  });
});

describe.each([60, 80, 120])('on a terminal of %i columns nothing is wider', (columns) => {
  test.each([
    ['show', 'r-1'],
    ['events', 'r-1'],
    ['quality'],
    ['kpi', '--since', '2025-11-01'],
    ['lineage', 's3://in/a', '--since', '2025-11-01'],
  ])('%s', async (...args) => {
    const { code, out } = await typed(args, columns);
    expect(code).toBe(0);
    // Colours take no room.
    const lines = stripVTControlCharacters(out).split('\n');
    for (const line of lines.filter((each) => !each.startsWith('  next')))
      expect(line.length).toBeLessThanOrEqual(columns);
  });
});

test('a question that finds nothing says so', async () => {
  expect(await typed(['failed'])).toMatchObject({ code: 0, out: '', err: 'no run failed\n' });
  expect(await typed(['lineage', 'nothing', '--since', '2025-11-01'])).toMatchObject({
    code: 0,
    err: 'nothing is known to be made from it; --direction up or both looks the other way\n',
  });
});

describe('describe', () => {
  test('lists what there is, and says what one has', async () => {
    expect((await typed(['describe'])).out).toContain('view      current_runs');
    const { out } = await typed(['describe', 'current_runs']);
    expect(out).toContain('current_runs  view. Every run with its status as the clock sees it now.');
    expect(out).toMatch(/error_code +varchar +code of its first error/);
  });

  test('names what was probably meant', async () => {
    expect(await typed(['describe', 'current_run'])).toMatchObject({
      code: 4,
      err: 'error: there is no table, view or question current_run; did you mean current_runs?\n',
    });
  });
});
