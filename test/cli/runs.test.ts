import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../core/ports/answer-engine.ts';
import { aLedger, anAnswer, anIo, aRun, type FakeLedger, runOn } from './fakes.ts';

/** An answer of `find-runs`, as far as the list reads it. */
const found = (...rows: readonly object[]): Answer => {
  const all = rows.map((row) => ({ ...aRun(), listed_at: '2025-11-03T11:00:00.000Z', is_late: false, ...row }));
  const names = Object.keys(all[0] ?? aRun());
  return anAnswer(names, ...all.map((row) => names.map((name) => (row as Readonly<Record<string, unknown>>)[name])));
};

const sqlOf = (ledger: FakeLedger): string =>
  ledger.calls.flatMap(([name, sql]) => (name === 'query' ? [String(sql)] : [])).join('\n');

describe('runs with filters', () => {
  test.each([
    [['--failed'], "r.status in ('FAILED', 'LOST', 'TIMED_OUT')"],
    [['--status', 'failed,success'], "r.status in ('FAILED', 'SUCCESS')"],
    [['--late'], "('yes' = '' or coalesce("],
    [['--since', '24h'], "t.listed_at >= timestamp '2025-11-02 12:00:00.000'"],
    [['--until', '2025-11-03T06:00:00Z'], "t.listed_at < timestamp '2025-11-03 06:00:00.000'"],
    [['-p', 'orders_*'], "r.process_name like 'orders\\_%' escape"],
    [['--process', 'orders_*'], "r.process_name like 'orders\\_%' escape"],
    [['--owner', "o'team"], "r.owner like 'o''team'"],
    [['--step', 'load'], "step_name like 'load'"],
    [['--error-code', 'D2*'], "error_code like 'D2%'"],
    [['--tag', 'team=red'], "split_part('team=red', '=', 1)"],
    [['--before', '2025-11-03T11:00:00.000Z/2'], 'offset 2'],
  ])('%j asks the tables', async (args, sql) => {
    const ledger = aLedger({ query: async () => found({}) });
    const { code, err } = await runOn(ledger, ['runs', ...args]);
    expect([code, err]).toEqual([0, '']);
    expect(sqlOf(ledger)).toContain(sql);
    expect(ledger.calls.map(([name]) => name)).not.toContain('runs');
  });

  test.each([
    [['--status', 'broken'], 'expected statuses of FAILED, TIMED_OUT,'],
    [['--since', 'yesterday'], 'expected --since as a time, or how long ago (2026-11-30, '],
  ])('%j ends with 2', async (args, message) => {
    const { code, err } = await runOn(aLedger(), ['runs', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  test('the next page is named as a whole command, past those of the same time', async () => {
    const ledger = aLedger({ query: async () => found({}, { run_id: 'run-2' }, { run_id: 'run-3' }) });
    const { out, err } = await runOn(ledger, ['runs', '--failed', '--before', '2025-11-03T11:00:00.000Z/4', '-n', '2']);
    expect(out).toContain('run-2');
    expect(out).not.toContain('run-3');
    expect(err).toBe('more: runledger runs --failed -n 2 --before 2025-11-03T11:00:00.000Z/6\n');
  });

  test('a pipeline that there is not is told from one without such runs', async () => {
    const names = anAnswer(['process_name'], ['orders_daily'], ['inventory']);
    const ledger = () => aLedger({ query: async () => names });
    expect((await runOn(ledger(), ['runs', '-p', 'orders_dialy'])).err).toBe(
      'no such runs; there is no pipeline orders_dialy, did you mean orders_daily?\n',
    );
    expect((await runOn(ledger(), ['runs', '-p', 'orders_daily'])).err).toBe('no such runs\n');
  });

  test('JSON holds the rows as they are', async () => {
    const ledger = aLedger({ query: async () => found({ tries: 3 }) });
    expect(JSON.parse((await runOn(ledger, ['runs', '--failed', '--json'])).out)).toMatchObject([{ tries: 3 }]);
  });
});

describe.each([60, 80, 120])('a list %i columns wide', (columns) => {
  const runs = ['prod', 'staging'].map((environment, at) =>
    aRun({
      environment,
      process_name: 'ml_feature_store_refresh_of_all_regions',
      run_id: `4720771${at}-8ca8-4857-9c2a-000000000000`,
      status: 'FAILED',
      records_out: 1_198_000,
      error_code: 'D201',
      error_step: 'load',
      error_message: 'the column amount is text, but a number was expected',
      expected_max_duration_ms: 60_000,
    }),
  );

  test('shows status, an id that can be typed, age, duration and what is wrong', async () => {
    const { out } = await runOn(aLedger({ runs: async () => runs }), ['runs'], anIo({ columns }));
    const [head = '', ...rows] = stripVTControlCharacters(out).trimEnd().split('\n');
    for (const line of [head, ...rows]) expect(line.length).toBeLessThanOrEqual(columns);
    for (const row of rows) expect(row).toMatch(/^FAILED {2}.*4720771\d.*1h +10m.* late; /);
  });
});

test('--wide shows everything, however narrow the terminal', async () => {
  const run = aRun({ run_id: '4720771f-8ca8-4857-9c2a-000000000001', owner: 'sales' });
  const { out } = await runOn(aLedger({ runs: async () => [run] }), ['runs', '--wide'], anIo({ columns: 60 }));
  expect(out).toContain('4720771f-8ca8-4857-9c2a-000000000001  2025-11-03 11:00:00  10 min');
});

describe('a run is named', () => {
  const run = aRun({ run_id: '4720771f-8ca8-4857-9c2a-000000000001' });
  const detail = { run, steps: [] };
  const knowing = (overrides: Parameters<typeof aLedger>[0] = {}) =>
    aLedger({
      show: async ({ run_id }) => (run_id === run.run_id ? [detail] : []),
      runs: async ({ process_name = run.process_name ?? '' }) => (process_name === run.process_name ? [run] : []),
      ...overrides,
    });

  test.each([
    [['4720771f-8ca8-4857-9c2a-000000000001'], ''],
    [['daily_orders'], 'the last run of daily_orders\n'],
    [['--last'], ''],
    [['--last', '-p', 'daily_orders'], ''],
  ])('by %j', async (args, side) => {
    const { code, out, err } = await runOn(knowing(), ['show', ...args]);
    expect([code, err]).toEqual([0, side]);
    expect(out).toContain('SUCCESS  daily_orders  4720771f-8ca8-4857-9c2a-000000000001\n');
  });

  test('by the beginning of its id, with the … of a list too', async () => {
    const ledger = knowing({
      query: async (sql) => (sql.includes("starts_with(r.run_id, '4720')") ? found({ ...run }) : anAnswer([])),
    });
    expect((await runOn(ledger, ['show', '4720'])).out).toContain('daily_orders  4720771f');
    expect((await runOn(ledger, ['show', '4720…'])).out).toContain('daily_orders  4720771f');
  });

  test('when several begin so, they are listed', async () => {
    const ledger = knowing({ query: async () => found({ ...run }, { run_id: '4720ffff' }) });
    const { code, err } = await runOn(ledger, ['show', '4720']);
    expect(code).toBe(1);
    expect(err).toContain('daily_orders  4720ffff');
    expect(err).toContain('error: the ids of 2 runs begin with 4720; type more of the one you mean\n');
  });

  test('a name that is nearly a pipeline says which', async () => {
    const ledger = knowing({
      query: async (sql) =>
        sql.includes('group by process_name') ? anAnswer(['process_name'], ['daily_orders']) : anAnswer([]),
    });
    const { code, err } = await runOn(ledger, ['show', 'daily_ordres']);
    expect([code, err]).toEqual([
      4,
      'error: there is no run or pipeline daily_ordres; did you mean the pipeline daily_orders? `runledger runs` lists those there are\n',
    ]);
  });

  test('nothing, or a name beside --last, is a usage error', async () => {
    expect((await runOn(knowing(), ['show'])).code).toBe(2);
    expect((await runOn(knowing(), ['show', 'x', '--last'])).code).toBe(2);
  });
});

describe('hints repeat what was said', () => {
  const none = { query: async () => anAnswer(['process_name']) };
  test.each([
    [['--data', 'a folder', 'show', 'x'], "`runledger --data '/nowhere/a folder' runs`"],
    [['show', 'x', '--data', '/srv/ledger'], '`runledger --data /srv/ledger runs`'],
    [['show', 'x', '--url', 'http://127.0.0.1:1'], '`runledger --url http://127.0.0.1:1 runs`'],
    [['show', 'x', '--aws', '--stack', 'mine'], '`runledger --aws --stack mine runs`'],
  ])('%j', async (args, hint) => {
    const { err, opened } = await runOn(aLedger(none), args);
    expect(err).toContain(hint);
    expect(opened).toHaveLength(1);
  });

  test('an option that the command has not is refused wherever it stands', async () => {
    const { code, err } = await runOn(aLedger(), ['--url', 'http://a', 'token', 'list']);
    expect([code, err]).toEqual([2, "error: unknown option '--url' of `list`\n"]);
  });
});
