import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { runProcess } from '../../cli/serve/run-process.ts';
import type { RunningServer, ServerOptions } from '../../local/server.ts';
import { aLedger, anAnswer, anIo, aRun, aStep, type FakeLedger, NOW, runOn } from './fakes.ts';

/** Any file that is there: it is not run. */
const EXAMPLE = 'package.json';

/** A server and an example that only record what is done with them. */
function fakes({
  outcome = 0,
  ledger = aLedger(),
  onExample,
}: {
  outcome?: number;
  ledger?: FakeLedger;
  /** Called while the example runs. */
  onExample?: () => void;
} = {}) {
  const asked: ServerOptions[] = [];
  const events: string[] = [];
  const examples: { file: string; args: readonly string[]; token: string | undefined }[] = [];
  return {
    asked,
    events,
    examples,
    ways: {
      startServer: async (options: ServerOptions): Promise<RunningServer> => {
        asked.push(options);
        return {
          url: 'http://127.0.0.1:4319',
          dir: '/data',
          needsToken: options.token !== undefined,
          token: options.token ?? 'own',
          ledger,
          close: async () => {
            events.push('closed');
          },
        };
      },
      runProcess: (async (file, args, { env }, stop) => {
        examples.push({ file, args, token: env.RUNLEDGER_TOKEN });
        if (onExample === undefined) return outcome;
        onExample();
        if (stop.aborted) events.push('example stopped');
        return 'SIGTERM';
      }) satisfies typeof runProcess,
    },
  };
}

const knowing = () =>
  aLedger({
    runs: async () => [aRun({ last_event_at: NOW })],
    show: async () => [{ run: aRun({ status: 'FAILED' }), steps: [aStep()] }],
    query: async () =>
      anAnswer(
        ['total_runs', 'success_count', 'failure_count', 'p50', 'p95', 'records'],
        [3, 2, 1, 0.25, 250, 1_198_000],
      ),
  });

test('serve says where, and drains when it is asked to stop', async () => {
  const { ways, asked, events } = fakes();
  const io = anIo({ env: { RUNLEDGER_DATA: 'from-env', RUNLEDGER_TOKEN: 'secret' } });
  const running = runOn(
    aLedger(),
    [
      'serve',
      '--port',
      '0',
      '--environment',
      'dev',
      '--zone',
      'Europe/Berlin',
      '--fsync',
      '--allow-host',
      'a',
      'b',
      '--allow-origin',
      'https://a.b',
    ],
    io,
    ways,
  );
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toEqual([
    {
      dir: 'from-env',
      prices: join('from-env', 'prices.yaml'),
      alerting: {
        file: join('from-env', 'pipelines.yaml'),
        command: `RUNLEDGER_DATA=${resolve('from-env')} runledger`,
      },
      host: '127.0.0.1',
      port: 0,
      token: 'secret',
      environment: 'dev',
      zone: 'Europe/Berlin',
      fsync: true,
      allowedHosts: ['a', 'b'],
      allowedOrigins: ['https://a.b'],
    },
  ]);
  expect(io.out()).toBe(
    `Runledger 0.1.0 serves at http://127.0.0.1:4319
  folder   /data, 3 runs
  send     runledger ingest FILE, or POST NDJSON to http://127.0.0.1:4319/events with a token as bearer
  stop     Ctrl-C
`,
  );
  expect(events).toEqual([]);
  io.stop();
  expect((await running).code).toBe(0);
  expect(events).toEqual(['closed']);
  expect(io.err()).toBe(
    'stopping: what is under way is finished first; Ctrl-C again to stop at once\nstopped; everything that was acknowledged is in /data\n',
  );
  io.stop();
  expect(io.exits).toEqual([130]);
});

test.each(['ledger.example.com', 'https://ledger.example.com/', 'https://ledger.example.com/page', 'null'])(
  'the origin %s, which no browser sends, is refused',
  async (origin) => {
    const io = anIo();
    expect((await runOn(aLedger(), ['serve', '--allow-origin', origin], io, fakes().ways)).code).toBe(2);
    expect(io.err()).toContain('expected an origin, like https://ledger.example.com.');
  },
);

test('what keeps it from serving is one line', async () => {
  const startServer = () => Promise.reject(new Error('port 4319 on 127.0.0.1 is taken by another program'));
  const { code, out, err } = await runOn(aLedger(), ['serve'], anIo(), { startServer });
  expect([code, out, err]).toEqual([1, '', 'error: port 4319 on 127.0.0.1 is taken by another program\n']);
});

test('start runs the example, shows its run and the day, and says what to type next', async () => {
  const ledger = knowing();
  const { ways, events, examples } = fakes({ ledger });
  const { code, out } = await runOn(aLedger(), ['start', '--once', '--example', EXAMPLE], anIo(), ways);
  expect(code).toBe(0);
  expect(examples).toEqual([
    { file: EXAMPLE, args: ['--url', 'http://127.0.0.1:4319', '--environment', 'local'], token: undefined },
  ]);
  expect(ledger.calls.map(([name]) => name)).toEqual(['summary', 'settle', 'runs', 'show', 'query']);
  expect(ledger.calls.at(-1)?.[1]).toContain(
    "where environment = 'prod'\n  and process_name = 'daily_orders'\n  and run_date in (date '2025-11-03')",
  );
  expect(out).toContain('FAILED  daily_orders  run-1\n');
  expect(out).toContain(
    `day         pipeline      runs  succeeded  failed     p50         p95    records
2025-11-03  daily_orders     3          2       1  250 ms  4 min 10 s  1,198,000
`,
  );
  // What has ended is not named: neither its address, nor what asks a server.
  const next = out
    .slice(out.indexOf('What to type next'))
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/)[0]);
  expect(next).toEqual([
    'What to type next',
    'runledger runs',
    'runledger query --list',
    'runledger ingest FILE',
    `runledger start --once --example ${EXAMPLE} --break`,
    '',
  ]);
  expect(events).toEqual(['closed']);
});

test('an example that fails is shown all the same, and --once ends with 1', async () => {
  const { ways, examples, events } = fakes({ ledger: knowing(), outcome: 1 });
  const { code, out, err } = await runOn(
    aLedger(),
    ['start', '--once', '--break', '--token', 't', '--example', EXAMPLE],
    anIo(),
    ways,
  );
  expect([code, err]).toEqual([1, 'error: the example ended with 1\n']);
  expect(examples[0]?.args).toContain('--break');
  expect(examples[0]?.token).toBe('t');
  expect(out).toContain('FAILED  daily_orders');
  expect(events).toEqual(['closed']);
});

test('without --once it goes on serving until it is asked to stop', async () => {
  const { ways, events } = fakes({ ledger: knowing() });
  const io = anIo();
  const running = runOn(aLedger(), ['start', '--example', EXAMPLE], io, ways);
  while (!io.out().includes('the page')) await new Promise((resolve) => setImmediate(resolve));
  expect(events).toEqual([]);
  io.stop();
  expect((await running).code).toBe(0);
  expect(events).toEqual(['closed']);
});

test('asked to stop while the example runs, it stops that too and shows nothing', async () => {
  const io = anIo();
  const { ways, events } = fakes({ ledger: knowing(), onExample: io.stop });
  const { code, out } = await runOn(aLedger(), ['start', '--once', '--example', EXAMPLE], io, ways);
  expect(code).toBe(0);
  expect(events).toEqual(['example stopped', 'closed']);
  expect(out).not.toContain('What to type next');
});

test('without the example it only serves; one that is not there is said so', async () => {
  const { ways, examples } = fakes();
  expect((await runOn(aLedger(), ['start', '--once', '--no-example'], anIo(), ways)).code).toBe(0);
  expect(examples).toEqual([]);
  const { code, err } = await runOn(aLedger(), ['start', '--example', 'no-such.mjs'], anIo(), ways);
  expect([code, err]).toEqual([1, 'error: there is no example at no-such.mjs; use --example FILE or --no-example\n']);
});
