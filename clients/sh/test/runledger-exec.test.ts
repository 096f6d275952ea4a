import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as listen } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const EXEC = new URL('../runledger-exec', import.meta.url).pathname;

interface Received {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly events: readonly Record<string, unknown>[];
  readonly close: () => Promise<void>;
}

/** What waits in the folder of the only ledger that there is. */
const spooled = (): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => join(folder, file));

/** A ledger that takes everything, at a port of its own or a given one. */
async function aLedger(port = 0): Promise<Received> {
  const events: Record<string, unknown>[] = [];
  let authorization: string | undefined;
  const server = createServer((request, response) => {
    authorization = request.headers.authorization;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const lines = Buffer.concat(parts).toString().trimEnd().split('\n');
      events.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
      response.end('{}');
    });
  });
  await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get authorization() {
      return authorization;
    },
    events,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

async function aFreePort(): Promise<number> {
  const server = listen();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

let folder: string;
let ledger: Received;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-exec-'));
  ledger = await aLedger();
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(EXEC, args, {
    env: { ...process.env, RUNLEDGER_URL: ledger.url, RUNLEDGER_SPOOL: folder, ...env },
  });
  // A command that reads nothing may have ended before.
  child.stdin.on('error', () => {});
  let out = '';
  let err = '';
  child.stdout.on('data', (part) => {
    out += part;
  });
  child.stderr.on('data', (part) => {
    err += part;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, out, err })),
  );
  return { child, ended, printed: () => new Promise((resolve) => child.stdout.once('data', resolve)) };
}

function run(args: readonly string[], { input = '', env = {} }: { input?: string; env?: Record<string, string> } = {}) {
  const { child, ended } = start(args, env);
  child.stdin.end(input);
  return ended;
}

const inShort = (events: readonly Record<string, unknown>[]): string[] =>
  events.map(({ event_type, step_name, status }) => [event_type, step_name, status].filter(Boolean).join(' ')).sort();
const endOf = (events: readonly Record<string, unknown>[]) => events.find(({ event_type }) => event_type === 'RUN_END');

describe('a command under runledger-exec', () => {
  test('is a run, with its own input, output, error output and exit code', async () => {
    const ended = await run(['--pipeline', 'backup', '--', 'sh', '-c', 'cat; echo warn >&2; exit 3'], { input: 'in' });

    expect(ended).toMatchObject({ code: 3, out: 'in', err: 'warn\n' });
    expect(inShort(ledger.events)).toEqual(['RUN_END FAILED', 'RUN_START RUNNING']);
    expect(endOf(ledger.events)).toMatchObject({
      process_name: 'backup',
      exit_code: 3,
      error: { message: 'sh ended with exit code 3', stack_trace: 'warn' },
    });
  });

  test('is a step too, and says what was promised', async () => {
    const options = ['--step', 'dump', '--sla', '10m', '--slot', '2026-11-03T02:00:00Z', '--heartbeat', '30s'];
    await run(['--pipeline', 'backup', '--environment', 'prod', '--owner', 'ops', ...options, '--', 'true']);

    expect(inShort(ledger.events)).toEqual([
      'RUN_END SUCCESS',
      'RUN_START RUNNING',
      'STEP_END dump SUCCESS',
      'STEP_START dump RUNNING',
    ]);
    expect(endOf(ledger.events)).toMatchObject({
      environment: 'prod',
      owner: 'ops',
      scheduled_for: '2026-11-03T02:00:00Z',
      sla: { expected_max_duration_ms: 600_000 },
      heartbeat_interval_ms: 30_000,
    });
  });

  test('may have any name and say anything', async () => {
    const name = 'Überweisungen "東京" \\ \'x\'';
    await run(['--pipeline', name, '--', 'sh', '-c', 'printf \'a "b"\\n\\tc\\\\d \\001é\\n\' >&2; exit 1']);

    expect(endOf(ledger.events)).toMatchObject({ process_name: name, error: { stack_trace: 'a "b"\n\tc\\d  é' } });
  });

  test('has secrets of its error output masked', async () => {
    const said =
      'DB_PASSWORD=hunter2Secret x://u:hunter2Secret@h Bearer hunter2Secret AKIAIOSFODNN7EXAMPLE bob@example.com';
    const ended = await run(['--pipeline', 'p', '--', 'sh', '-c', `echo '${said}' >&2; exit 1`]);

    expect(ended.err).toContain('hunter2Secret');
    expect(JSON.stringify(ledger.events)).not.toMatch(/hunter2Secret|AKIA|bob@/);
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('gets %s and ends by it, cancelled', async (signal) => {
    const { child, ended, printed } = start(['--pipeline', 'p', '--', 'sh', '-c', 'echo ready; exec sleep 60']);
    await printed();
    child.kill(signal);

    expect(await ended).toMatchObject({ signal });
    expect(endOf(ledger.events)).toMatchObject({
      status: 'CANCELLED',
      error: { message: `sh was ended by ${signal}` },
    });
  });

  test('may handle a signal itself', async () => {
    const script = 'trap "exit 0" TERM; echo ready; while :; do sleep 0.05; done';
    const { child, ended, printed } = start(['--pipeline', 'p', '--', 'sh', '-c', script]);
    await printed();
    child.kill('SIGTERM');

    expect(await ended).toMatchObject({ code: 0 });
    expect(endOf(ledger.events)).toMatchObject({ status: 'SUCCESS' });
  });

  test('that dies by a signal of its own failed', async () => {
    expect(await run(['--pipeline', 'p', '--', 'sh', '-c', 'kill -KILL $$'])).toMatchObject({ signal: 'SIGKILL' });
    expect(endOf(ledger.events)).toMatchObject({ status: 'FAILED', error: { message: 'sh was ended by SIGKILL' } });
  });

  test('that does not exist failed', async () => {
    expect(await run(['--pipeline', 'p', '--', '/no/such/command'])).toMatchObject({ code: 127 });
    expect(endOf(ledger.events)).toMatchObject({ status: 'FAILED', exit_code: 127 });
  });

  test('lets its children join the run', async () => {
    const { out } = await run(['--pipeline', 'p', '--run-id', 'r1', '--', 'sh', '-c', 'echo "$RUNLEDGER_RUN"']);

    expect(JSON.parse(out)).toEqual({ process_name: 'p', run_id: 'r1' });
  });

  test('is not waited for by what it leaves in the background', async () => {
    const { out } = await run(['--pipeline', 'p', '--', 'sh', '-c', 'sleep 5 >/dev/null 2>&1 & echo $!']);
    process.kill(Number(out));

    expect(endOf(ledger.events)).toMatchObject({ status: 'SUCCESS' });
  });

  test('sends the token, and shows it to nobody', async () => {
    const { out } = await run(['--pipeline', 'p', '--', 'sh', '-c', 'cat /proc/[0-9]*/cmdline'], {
      env: { RUNLEDGER_TOKEN: 'sesame-1' },
    });

    expect(ledger.authorization).toBe('Bearer sesame-1');
    expect(out).not.toContain('sesame-1');
  });

  test('beats while it is under way', async () => {
    const { child, ended, printed } = start(['--pipeline', 'p', '--heartbeat', '1s', '--', 'cat']);
    void printed();
    const beat = () => ledger.events.some(({ event_type }) => event_type === 'HEARTBEAT');
    await expect.poll(beat, { timeout: 10_000 }).toBe(true);
    child.stdin.end();

    expect(await ended).toMatchObject({ code: 0 });
  });
});

describe('a ledger that is away', () => {
  test('costs the command nothing, and hears of it later', async () => {
    const port = await aFreePort();
    const away = { RUNLEDGER_URL: `http://127.0.0.1:${port}` };
    expect(await run(['--pipeline', 'first', '--', 'sh', '-c', 'exit 4'], { env: away })).toEqual({
      code: 4,
      signal: null,
      out: '',
      err: '',
    });
    expect(spooled()).toHaveLength(2);

    const back = await aLedger(port);
    await run(['--pipeline', 'second', '--', 'true'], { env: away });
    await back.close();

    expect(back.events.map(({ process_name, event_type }) => `${process_name} ${event_type}`).sort()).toEqual([
      'first RUN_END',
      'first RUN_START',
      'second RUN_END',
      'second RUN_START',
    ]);
    expect(spooled()).toEqual([]);
  });

  test('keeps start and end of a command that ends at once, each whole, however often', async () => {
    const away = { RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}` };
    const names = Array.from({ length: 20 }, (_, at) => `p${at}`);
    for (const name of names)
      expect(await run(['--pipeline', name, '--', 'true'], { env: away })).toMatchObject({ err: '' });
    const kept = spooled().map((file) => readFileSync(file, 'utf8'));
    const told = kept.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(told.map(({ process_name, event_type }) => `${process_name} ${event_type}`).sort()).toEqual(
      names.flatMap((name) => [`${name} RUN_END`, `${name} RUN_START`]).sort(),
    );
  });

  test('keeps what belongs to a run whose id is no file name', async () => {
    const away = { RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}` };
    const id = `../${'a/b '.repeat(100)}`;
    expect(await run(['--pipeline', 'p', '--run-id', id, '--', 'true'], { env: away })).toMatchObject({
      code: 0,
      err: '',
    });
    expect(spooled()).toHaveLength(2);
  });

  test('is said with RUNLEDGER_DEBUG', async () => {
    const env = {
      RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}`,
      RUNLEDGER_DEBUG: '1',
      RUNLEDGER_SPOOL: 'off',
    };
    const { err } = await run(['--pipeline', 'p', '--', 'true'], { env });

    expect(err).toMatch(/expected http:\S+\/events to answer 200, got 000/);
  });
});

/** A ledger, or what stands in its place, that answers with that alone. */
async function aServer(status: number, headers: Readonly<Record<string, string>> = {}, body = '') {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.host}`);
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

describe('an answer', () => {
  test.each<[string, number, Record<string, string>, string]>([
    ['a wrong token', 401, {}, ''],
    ['too many requests', 429, {}, ''],
    ['a ledger that starts', 503, {}, ''],
    ['a page that wants a login', 200, { 'content-type': 'text/html; charset=utf-8' }, '<p>Log in</p>'],
    ['a redirection', 302, { location: '/login' }, ''],
  ])('that may become another one keeps what was sent: %s', async (_, status, headers, body) => {
    await using server = await aServer(status, headers, body);
    const ended = await run(['--pipeline', 'p', '--', 'true'], { env: { RUNLEDGER_URL: server.url } });

    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(spooled()).toHaveLength(2);
    expect(server.asked.every((line) => line.startsWith('POST /events '))).toBe(true);
  });

  test.each([
    [400, ''],
    [404, 'no such page'],
    [413, ''],
    [422, 'no counts'],
  ])('that is final says what is lost, and keeps nothing for ever: %i', async (status, body) => {
    await using server = await aServer(status, {}, body);
    const { code, err } = await run(['--pipeline', 'p', '--', 'sh', '-c', 'exit 3'], {
      env: { RUNLEDGER_URL: server.url },
    });

    expect(code).toBe(3);
    expect(err).toContain(`expected ${server.url}/events to answer 200, got ${status}`);
    expect(spooled()).toEqual([]);
  });

  test('that every event was rejected is one: the ledger has them', async () => {
    await using server = await aServer(422, { 'content-type': 'application/json' }, '{"received":1,"rejected":1}');

    expect(await run(['--pipeline', 'p', '--', 'true'], { env: { RUNLEDGER_URL: server.url } })).toMatchObject({
      err: '',
    });
    expect(spooled()).toEqual([]);
  });
});

describe('a proxy', () => {
  test('of the environment is asked for a ledger that is not on this machine, and for no other', async () => {
    await using proxy = await aServer(200, {}, '{}');
    const env = { http_proxy: proxy.url, HTTP_PROXY: proxy.url, no_proxy: '', NO_PROXY: '' };
    await run(['--pipeline', 'p', '--', 'true'], { env });
    expect(inShort(ledger.events)).toEqual(['RUN_END SUCCESS', 'RUN_START RUNNING']);
    expect(proxy.asked).toEqual([]);

    await run(['--pipeline', 'p', '--', 'true'], {
      env: { ...env, RUNLEDGER_URL: 'http://ledger.example:8080/base/' },
    });
    expect(proxy.asked).toEqual([
      'POST http://ledger.example:8080/base/events ledger.example:8080',
      'POST http://ledger.example:8080/base/events ledger.example:8080',
    ]);
  });
});

describe('the spool', () => {
  test('keeps within RUNLEDGER_SPOOL_BYTES and RUNLEDGER_SPOOL_HOURS, and the newest in any case', async () => {
    const away = { RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}`, RUNLEDGER_SPOOL_HOURS: '1' };
    const pipelines = () => spooled().map((file) => JSON.parse(readFileSync(file, 'utf8')).process_name);
    await run(['--pipeline', 'a', '--', 'true'], { env: away });
    for (const file of spooled()) {
      const old = basename(file).replace(/^\d{13}/, String(Date.now() - 2 * 3_600_000));
      renameSync(file, join(dirname(file), old));
    }
    await run(['--pipeline', 'b', '--', 'true'], { env: away });
    expect(pipelines()).toEqual(['b', 'b']);

    await run(['--pipeline', 'c', '--', 'true'], { env: { ...away, RUNLEDGER_SPOOL_BYTES: '1' } });
    expect(pipelines()).toEqual(['c']);
  });

  test.each(['nonsense', '-1', '0', '1e9', '99999999999999999999'])(
    'is bounded as ever by a bound that is %j',
    async (bytes) => {
      const env = { RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}`, RUNLEDGER_SPOOL_BYTES: bytes };

      expect(await run(['--pipeline', 'p', '--', 'sh', '-c', 'exit 3'], { env })).toMatchObject({ code: 3, err: '' });
      expect(spooled()).toHaveLength(2);
    },
  );

  test.each(['off', 'no', '0', 'false', ''])('is none when it is %j', async (spool) => {
    const env = { RUNLEDGER_URL: `http://127.0.0.1:${await aFreePort()}`, RUNLEDGER_SPOOL: spool, HOME: folder };

    expect(await run(['--pipeline', 'p', '--', 'true'], { env })).toMatchObject({ code: 0, err: '' });
    expect(spooled()).toEqual([]);
  });
});

describe('an option that is wrong', () => {
  test.each([
    [['--', 'true'], 'Usage:'],
    [['--pipeline', 'p'], 'Usage:'],
    [['--pipelin', 'p', '--', 'true'], 'unknown option --pipelin'],
    [['--pipeline', 'p', '--sla', 'soon', '--', 'true'], 'expected a duration like 90s, 10m or 2h, got soon'],
  ])('is an error before the command starts: %j', async (args, message) => {
    const ended = await run(args);

    expect(ended.code).toBe(2);
    expect(ended.err).toContain(message);
    expect(ledger.events).toEqual([]);
  });
});

test('a command that the ledger started is the run that it was started as, and its own commands are not', async () => {
  const started = {
    ...{ RUNLEDGER_RUN_ID: 'a-try2', RUNLEDGER_PIPELINE: 'p', RUNLEDGER_RUN_ATTEMPT: '2', RUNLEDGER_RUN_MODE: 'retry' },
    ...{
      RUNLEDGER_PARENT_RUN_ID: 'a',
      RUNLEDGER_ROOT_RUN_ID: 'a',
      RUNLEDGER_SCHEDULED_FOR: '2025-11-03T02:00:00.000Z',
    },
  };
  await run(['--pipeline', 'p', '--', EXEC, '--pipeline', 'p', '--', 'true'], { env: started });
  const starts = ledger.events.filter(({ event_type }) => event_type === 'RUN_START');
  expect(starts).toHaveLength(2);
  const [own, ...others] = starts.filter(({ run_id }) => run_id === 'a-try2');
  expect(others).toEqual([]);
  expect(own).toMatchObject({
    ...{ run_attempt: 2, run_mode: 'retry', parent_run_id: 'a', root_run_id: 'a' },
    scheduled_for: '2025-11-03T02:00:00.000Z',
  });
});
