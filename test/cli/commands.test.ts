import type { EventEmitter } from 'node:events';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Refused } from '../../core/ports.ts';
import { aLedger, anAnswer, anIo, anOpenRun, aReport, aRun, aStep, runOn } from './fakes.ts';

describe('what is typed', () => {
  test('nothing prints help', async () => {
    const { code, out } = await runOn(aLedger(), []);
    expect(code).toBe(0);
    expect(out).toContain('Usage: runledger [options] [command]');
    expect(out).toContain(
      'Exit codes: 0 done, 1 it failed, 2 not understood, 3 the question was refused, 4 not found.',
    );
  });

  test.each([
    'start',
    'serve',
    'runs',
    'show',
    'tail',
    'query',
    'ingest',
    'rejections list',
    'rejections show',
    'rejections replay',
    'rebuild',
  ])('help of %s has an example', async (command) => {
    const { code, out } = await runOn(aLedger(), [...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`Examples?:\\n  \\$ .*runledger ${command.replace(' list', '( list)?')}`));
  });

  test.each([
    [['rns'], "error: unknown command 'rns'\n(Did you mean runs?)\n"],
    [['runs', '--opne'], "error: unknown option '--opne'\n(Did you mean --open?)\n"],
    [
      ['runs', '--limit', '0'],
      "error: option '-n, --limit <count>' argument '0' is invalid. expected a whole number from 1 to 1000.\n",
    ],
    [['runs', 'extra'], "error: too many arguments for 'runs'. Expected 0 arguments but got 1: extra.\n"],
    [['show'], "error: missing required argument 'run'\n"],
    [
      ['rebuild', '--day', '2025-02-30'],
      "error: option '--day <day>' argument '2025-02-30' is invalid. expected a day as YYYY-MM-DD.\n",
    ],
    [
      ['serve', '--zone', 'Berlin'],
      "error: option '--zone <zone>' argument 'Berlin' is invalid. expected an IANA zone, like Europe/Berlin.\n",
    ],
    [
      ['query', '--format', 'xml', 'x'],
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are table, json, csv.\n",
    ],
    [['runs', '--\u001b[2Jx'], "error: unknown option '--x'\n"],
  ])('%j ends with 2 and says what is wrong', async (args, message) => {
    const ledger = aLedger();
    const { code, out, err } = await runOn(ledger, args);
    expect(code).toBe(2);
    expect(err).toBe(message);
    expect(out).toBe('');
    expect(ledger.calls).toEqual([]);
  });

  test('a failure is one line; its stack is for who asks', async () => {
    const failing = () =>
      aLedger({ runs: () => Promise.reject(new Error('the disk is \u001b[2Jfull', { cause: new Error('ENOSPC') })) });
    const { code, err } = await runOn(failing(), ['runs']);
    expect(code).toBe(1);
    expect(err).toBe('error: the disk is full\n');
    const asked = await runOn(failing(), ['runs'], anIo({ env: { RUNLEDGER_DEBUG: '1' } }));
    expect(asked.err).toMatch(/error: the disk is full\nError: the disk is .*\n {4}at [\s\S]*Error: ENOSPC/);
  });

  test('the ledger that is meant is the one that is opened, and it is closed whatever happens', async () => {
    const ledger = aLedger({ runs: () => Promise.reject(new Error('no')) });
    const { opened } = await runOn(ledger, ['runs', '--url', 'http://a', '--token', 't', '--data', 'd']);
    expect(opened).toEqual([{ place: { data: 'd', url: 'http://a', token: 't' }, purpose: 'read' }]);
    expect(ledger.calls).toEqual([['close']]);
  });
});

describe('runs', () => {
  test('lists runs as they were asked for', async () => {
    const ledger = aLedger({ runs: async () => [anOpenRun({ run_id: 'run-2' }), aRun()] });
    const { code, out } = await runOn(ledger, ['runs', '-p', 'daily_orders', '-e', 'prod', '--open', '-n', '5']);
    expect(code).toBe(0);
    expect(ledger.calls[0]).toEqual([
      'runs',
      { process_name: 'daily_orders', environment: 'prod', open: true, limit: 5 },
    ]);
    expect(out).toBe(
      `status   pipeline      run    started (UTC)           took  records out  error
RUNNING  daily_orders  run-2  2025-11-03 11:00:00  1h 00m…            –
SUCCESS  daily_orders  run-1  2025-11-03 11:00:00  10m 00s            –
`,
    );
  });

  test('JSON is exact and nothing else', async () => {
    const { out, err } = await runOn(aLedger({ runs: async () => [aRun({ records_out: 1_198_000 })] }), [
      'runs',
      '--json',
      '-n',
      '1',
    ]);
    expect(JSON.parse(out)).toEqual([aRun({ records_out: 1_198_000 })]);
    expect(err).toBe('');
    expect(JSON.parse((await runOn(aLedger(), ['runs', '--json'])).out)).toEqual([]);
  });

  test('says when there is none, and when there may be more', async () => {
    expect((await runOn(aLedger(), ['runs'])).err).toBe('no runs yet; send events with `runledger ingest FILE`\n');
    expect((await runOn(aLedger(), ['runs', '--open'])).err).toBe('no such runs\n');
    const { err } = await runOn(aLedger({ runs: async () => [aRun()] }), ['runs', '-n', '1']);
    expect(err).toBe('the latest 1; --limit shows more\n');
  });
});

describe('show', () => {
  test('shows the run of that id', async () => {
    const ledger = aLedger({ show: async () => [{ run: aRun(), steps: [aStep()] }] });
    const { code, out } = await runOn(ledger, ['show', 'run-1', '-p', 'daily_orders', '-e', 'prod']);
    expect(code).toBe(0);
    expect(ledger.calls[0]).toEqual(['show', { run_id: 'run-1', process_name: 'daily_orders', environment: 'prod' }]);
    expect(out).toContain('SUCCESS  daily_orders  run-1\n');
    expect(JSON.parse((await runOn(ledger, ['show', 'run-1', '--json'])).out)).toEqual({
      run: aRun(),
      steps: [aStep()],
    });
  });

  test('a run that is not there ends with 4', async () => {
    const { code, out, err } = await runOn(aLedger(), ['show', 'nope']);
    expect([code, out, err]).toEqual([4, '', 'error: there is no run nope; `runledger runs` lists those there are\n']);
  });

  test('several runs of that id are listed, to choose from', async () => {
    const ledger = aLedger({
      show: async () => [
        { run: aRun(), steps: [] },
        { run: aRun({ environment: 'test' }), steps: [] },
      ],
    });
    const { code, out, err } = await runOn(ledger, ['show', 'run-1']);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('SUCCESS  test         daily_orders  run-1');
    expect(err).toContain('error: 2 runs have the id run-1; say which with --process and --environment\n');
  });
});

describe('query', () => {
  const answer = anAnswer(['process_name', 'runs'], ['daily_orders', 12_345], ['a,"b"', 7]);

  test('prints a table, JSON or CSV', async () => {
    const ledger = aLedger({ query: async () => answer });
    expect((await runOn(ledger, ['query', 'select 1'])).out).toBe(
      'process_name    runs\ndaily_orders  12,345\na,"b"              7\n',
    );
    expect((await runOn(ledger, ['query', '--json', 'select 1'])).out).toBe(
      '[{"process_name":"daily_orders","runs":12345},\n {"process_name":"a,\\"b\\"","runs":7}]\n',
    );
    expect((await runOn(ledger, ['query', '--format', 'csv', 'select 1'])).out).toBe(
      'process_name,runs\r\ndaily_orders,12345\r\n"a,""b""",7\n',
    );
    expect(ledger.calls.filter(([name]) => name === 'query')).toEqual(Array(3).fill(['query', 'select 1']));
  });

  test('no rows are an empty array, or the heads alone', async () => {
    const ledger = aLedger({ query: async () => anAnswer(['a']) });
    expect((await runOn(ledger, ['query', '--json', 'x'])).out).toBe('[]\n');
    expect((await runOn(ledger, ['query', 'x'])).out).toBe('a\n');
  });

  test('reads from standard input and from a file', async () => {
    const { Readable } = await import('node:stream');
    const piped = aLedger();
    await runOn(piped, ['query', '-'], anIo({ stdin: Readable.from([Buffer.from('select '), Buffer.from('2')]) }));
    expect(piped.calls[0]).toEqual(['query', 'select 2']);
    const { code, err } = await runOn(aLedger(), ['query', '--file', 'no-such-file.sql']);
    expect([code, err]).toEqual([1, expect.stringMatching(/^error: cannot read no-such-file.sql: ENOENT/)]);
  });

  test('a named question is asked with the time of asking', async () => {
    const ledger = aLedger();
    await runOn(ledger, ['query', '--named', 'failures-in-7-days']);
    expect(ledger.calls[0]?.[1]).toContain("start_time >= timestamp '2025-11-03 12:00:00.000' - interval '7' day");
    const { code, err } = await runOn(aLedger(), ['query', '--named', 'failure-in-7-day']);
    expect([code, err]).toEqual([
      2,
      'error: there is no question named failure-in-7-day; did you mean failures-in-7-days?\n',
    ]);
    expect((await runOn(aLedger(), ['query', '--named', 'toString'])).err).toBe(
      'error: there is no question named toString; --list shows those there are\n',
    );
  });

  test('it is one question', async () => {
    expect((await runOn(aLedger(), ['query'])).err).toBe(
      'error: expected one of SQL, --named or --file, but came none; --list shows what can be asked\n',
    );
    expect((await runOn(aLedger(), ['query', 'x', '--named', 'running-now'])).code).toBe(2);
  });

  test('what the ledger refuses ends with 3', async () => {
    const ledger = aLedger({ query: () => Promise.reject(new Refused('there is no column nope')) });
    const { code, err } = await runOn(ledger, ['query', 'select nope']);
    expect([code, err]).toEqual([3, 'error: there is no column nope\n']);
  });

  test('says when there are more rows', async () => {
    const { err } = await runOn(aLedger({ query: async () => ({ ...answer, truncated: true }) }), ['query', 'x']);
    expect(err).toBe('these are the first 2 rows, there are more; ask for fewer with where or limit\n');
  });

  test('lists what can be asked, without a ledger', async () => {
    const ledger = aLedger();
    const { out, opened } = await runOn(ledger, ['query', '--list']);
    expect(out).toContain(
      '  failures-in-7-days      Which pipelines failed most in the last seven days, and of what.\n',
    );
    expect(out).toContain('  current_runs            Every run with its status as the clock sees it now.\n');
    expect(opened).toEqual([]);
    const listed = JSON.parse((await runOn(ledger, ['query', '--list', '--json'])).out);
    expect(listed.named[0]).toEqual({
      name: 'failures-in-7-days',
      summary: 'Which pipelines failed most in the last seven days, and of what.',
      parameters: ['now'],
    });
  });

  test('on a terminal a row too wide for a table is shown a value a line', async () => {
    const names = Array.from({ length: 30 }, (_, place) => `column_${place}`);
    const ledger = aLedger({
      query: async () =>
        anAnswer(
          names,
          names.map((name) => (name === 'column_7' ? null : `v\u001b[2J${name}`)),
        ),
    });
    const io = anIo({ columns: 80 });
    await runOn(ledger, ['query', 'x'], io);
    expect(io.out()).toContain('column_1 ');
    expect(io.out()).toContain('  vcolumn_1\n');
    expect(io.out()).not.toContain('column_7 ');
  });
});

describe('rebuild', () => {
  test('prints the report', async () => {
    const ledger = aLedger();
    const { code, out } = await runOn(ledger, ['rebuild', '--day', '2025-11-03']);
    expect(code).toBe(0);
    expect(ledger.calls[0]).toEqual(['rebuild', { day: '2025-11-03', verify: false }]);
    expect(out).toBe(
      `table           rows  rebuilt  identical
pipeline_logs  1,200    1,200  yes

from 1,200 lines in 2 raw files; nothing differs
`,
    );
  });

  const differing = aReport({
    identical: false,
    tables: [{ table: 'job_metrics', rows: 7, rebuilt_rows: 7, checksum: 'a', rebuilt_checksum: 'b' }],
  });

  test('ends with 1 when --verify finds a difference', async () => {
    const ledger = aLedger({ rebuild: async () => differing });
    const { code, out, err } = await runOn(ledger, ['rebuild', '--verify']);
    expect(code).toBe(1);
    expect(out).toContain('job_metrics     7        7  no\n\nfrom 1,200 lines in 2 raw files; nothing was changed\n');
    expect(err).toBe(
      'error: the tables are not what the raw lines say; `rebuild` without --verify puts the rebuilt ones in their place\n',
    );
    const asJson = await runOn(ledger, ['rebuild', '--verify', '--json']);
    expect([asJson.code, JSON.parse(asJson.out)]).toEqual([1, differing]);
  });

  test('a difference that was put right ends well', async () => {
    const { code, out } = await runOn(aLedger({ rebuild: async () => ({ ...differing, swapped: true }) }), ['rebuild']);
    expect(code).toBe(0);
    expect(out).toContain('the rebuilt tables are in place now');
  });
});

describe('tail', () => {
  test('prints changes until it is asked to stop', async () => {
    let looks = 0;
    const ledger = aLedger({ runs: async ({ open }) => (open ? [] : [looks === 0 ? anOpenRun() : aRun()]) });
    const io = anIo({
      pause: async () => {
        looks += 1;
        if (looks === 3) io.stop();
      },
    });
    const { code, out, opened } = await runOn(ledger, ['tail', '--interval', '5', '-p', 'daily_orders'], io);
    expect(code).toBe(0);
    expect(out).toBe(
      '11:10:00  RUNNING  daily_orders  run-1\n11:10:00  RUNNING → SUCCESS  daily_orders  run-1  10m 00s\n',
    );
    expect(opened[0]?.purpose).toBe('follow');
    expect(io.pauses).toEqual([5_000, 5_000, 5_000]);
    expect(ledger.calls.at(-1)).toEqual(['close']);
  });

  test('JSON is one object a line, with the status before', async () => {
    const io = anIo({ pause: async () => io.stop() });
    const { out } = await runOn(aLedger({ runs: async ({ open }) => (open ? [] : [aRun()]) }), ['tail', '--json'], io);
    expect(out.split('\n')).toHaveLength(2);
    expect(JSON.parse(out)).toEqual({ previous_status: null, ...aRun() });
  });

  test('nobody left to read ends it', async () => {
    const io = anIo({
      pause: async (_, signal) => {
        (io.stdout as EventEmitter).emit('error', Object.assign(new Error('broken pipe'), { code: 'EPIPE' }));
        expect(signal?.aborted).toBe(true);
      },
    });
    expect((await runOn(aLedger(), ['tail'], io)).code).toBe(0);
  });
});

describe('colours', () => {
  const ledger = () => aLedger({ runs: async () => [aRun()] });
  afterEach(() => vi.unstubAllEnvs());

  test('are for terminals', async () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('TERM', 'xterm-256color');
    expect((await runOn(ledger(), ['runs'])).out).not.toContain('\u001b');
    expect((await runOn(ledger(), ['runs'], anIo({ columns: 80 }))).out).toContain('\u001b[32mSUCCESS\u001b[39m');
  });

  test('are not for who does not want them', async () => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', '1');
    expect((await runOn(ledger(), ['runs'], anIo({ columns: 80 }))).out).not.toContain('\u001b');
  });
});
