import { afterEach, describe, expect, test, vi } from 'vitest';
import { ForbiddenError } from '../../ledger/errors.ts';
import { aLedger, anIo, anOpenRun, aRun, aStep, aSummary, NOW, runOn } from './fakes.ts';

describe('what is typed', () => {
  test('nothing prints help', async () => {
    const { code, out } = await runOn(aLedger(), []);
    expect(code).toBe(0);
    expect(out).toContain('Usage: runledger [options] [command]');
    expect(out).toContain(
      'Exit codes: 0 done, 1 it failed, 2 usage error, 3 query rejected, 4 not found, 130 stopped.',
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
    'rejections resend',
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
    [
      ['changes', '--kind', 'x'],
      "error: option '--kind <value>' argument 'x' is invalid. Allowed choices are created, changed, deleted.\n",
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
    expect(opened).toEqual([{ target: { data: 'd', url: 'http://a', token: 't' }, purpose: 'read' }]);
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
      { process_name: 'daily_orders', environment: 'prod', open: true, alive: true, limit: 6 },
    ]);
    expect(out).toBe(
      `status   pipeline      run    started (UTC)          took  in  out  owner  error
RUNNING  daily_orders  run-2  2025-11-03 11:00:00    1 h…   –    –
SUCCESS  daily_orders  run-1  2025-11-03 11:00:00  10 min   –    –
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
    expect(JSON.parse(out)).toMatchObject([aRun({ records_out: 1_198_000 })]);
    expect(err).toBe('');
    expect(JSON.parse((await runOn(aLedger(), ['runs', '--json'])).out)).toEqual([]);
  });

  test('says when there is none, and when there may be more', async () => {
    expect((await runOn(aLedger(), ['runs'])).err).toBe('no runs yet; send events with `runledger ingest FILE`\n');
    expect((await runOn(aLedger(), ['runs', '--open'])).err).toBe('no such runs\n');
    const ledger = aLedger({ runs: async () => [aRun(), aRun({ run_id: 'run-0' })] });
    const { out, err } = await runOn(ledger, ['runs', '-n', '1', '--data', 'a b']);
    expect(out).not.toContain('run-0');
    expect(err).toBe("more: runledger runs -n 1 --data 'a b' --before 2025-11-03T11:00:00.000Z/1\n");
  });
});

describe('show', () => {
  test('shows the run of that id', async () => {
    const ledger = aLedger({ show: async () => [{ run: aRun(), steps: [aStep()] }] });
    const { code, out } = await runOn(ledger, ['show', 'run-1', '-p', 'daily_orders', '-e', 'prod']);
    expect(code).toBe(0);
    expect(ledger.calls[0]).toEqual(['show', { run_id: 'run-1', process_name: 'daily_orders', environment: 'prod' }]);
    expect(out).toContain('SUCCESS  daily_orders  run-1\n');
    expect(JSON.parse((await runOn(ledger, ['show', 'run-1', '--json'])).out)).toMatchObject({
      run: aRun(),
      steps: [aStep()],
    });
  });

  test('a run that is not there ends with 4', async () => {
    const { code, out, err } = await runOn(aLedger(), ['show', 'nope']);
    expect([code, out, err]).toEqual([
      4,
      '',
      'error: there is no run or pipeline nope; `runledger runs` lists those there are\n',
    ]);
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
    expect(err).toContain('SUCCESS  test  daily_orders  run-1');
    expect(err).toContain('error: 2 runs have the id run-1; say which with --pipeline and --environment\n');
  });
});

describe('colours', () => {
  const ledger = () => aLedger({ runs: async () => [aRun()] });
  afterEach(() => vi.unstubAllEnvs());

  test('are for terminals', async () => {
    vi.stubEnv('NO_COLOR', undefined);
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('TERM', 'xterm-256color');
    // Node leaves colours out where it knows a build server.
    vi.stubEnv('CI', undefined);
    expect((await runOn(ledger(), ['runs'])).out).not.toContain('\u001b');
    expect((await runOn(ledger(), ['runs'], anIo({ columns: 80 }))).out).toContain('\u001b[32mSUCCESS\u001b[39m');
  });

  test('are not for who does not want them', async () => {
    vi.stubEnv('FORCE_COLOR', undefined);
    vi.stubEnv('NO_COLOR', '1');
    expect((await runOn(ledger(), ['runs'], anIo({ columns: 80 }))).out).not.toContain('\u001b');
  });
});

test.each([['runs'], ['show', 'run-1']])('%s says on the side what keeps the ledger from its work', async (...args) => {
  const troubles = [{ part: 'live runs', cause: 'it is locked', since: NOW }];
  const ledger = aLedger({
    summary: async () => aSummary({ troubles }),
    runs: async () => [aRun()],
    show: async () => [{ run: aRun(), steps: [] }],
  });
  const { code, err } = await runOn(ledger, args);
  expect([code, err]).toEqual([0, 'live runs: it is locked; the newest events may be missing here, none is lost\n']);
});

test.each([['runs'], ['show', 'run-1']])(
  '%s answers who may not know what keeps the ledger from its work',
  async (...args) => {
    const ledger = aLedger({
      summary: () => Promise.reject(new ForbiddenError('expected a token without limits')),
      runs: async () => [aRun()],
      show: async () => [{ run: aRun(), steps: [] }],
    });
    const { code, err } = await runOn(ledger, args);
    expect([code, err]).toEqual([0, '']);
  },
);
