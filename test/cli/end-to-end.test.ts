import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** The bundle, as users run it. */
const PROGRAM = 'dist/runledger.mjs';

let folder: string;
let data: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-cli-'));
  data = join(folder, 'data');
});
afterEach(async () => {
  for (const child of children.splice(0)) await killed(child);
  rmSync(folder, { recursive: true, force: true });
});

const { RUNLEDGER_DATA: _, RUNLEDGER_URL: __, RUNLEDGER_TOKEN: ___, FORCE_COLOR: ____, ...env } = process.env;

function started(...args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['pipe', 'pipe', 'pipe'], env });
  children.push(child);
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

async function done(child: ChildProcess): Promise<{ code: number | null; out: string; err: string }> {
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return { code: child.exitCode, out: out ?? '', err: err ?? '' };
}

const ran = (...args: readonly string[]) => {
  const child = started(...args);
  child.stdin?.end();
  return done(child);
};

/** Starts a server and waits until it says where it serves; its other lines are kept. */
async function serving(...args: readonly string[]): Promise<{ server: ChildProcess; url: string; err: () => string }> {
  const server = started('serve', '--port', '0', '--data', data, ...args);
  let out = '';
  let err = '';
  server.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const url = await new Promise<string>((resolve, reject) => {
    server.stdout?.on('data', (chunk) => {
      out += chunk;
      const found = /stop .*\n/.test(out) && /serves at (\S+)/.exec(out)?.[1];
      if (found) resolve(found);
    });
    server.on('close', () => reject(new Error(`the server ended: ${err}`)));
  });
  return { server, url, err: () => err };
}

function written(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const event = (fields: object): string =>
  `${JSON.stringify({ process_name: 'daily_orders', environment: 'prod', ...fields })}\n`;
const RUN = [
  event({
    run_id: 'run-1',
    event_type: 'RUN_START',
    start_time: '2025-11-03T11:00:00Z',
    created_at: '2025-11-03T11:00:00Z',
  }),
  event({
    run_id: 'run-1',
    event_type: 'STEP_START',
    step_name: 'load',
    step_index: 1,
    created_at: '2025-11-03T11:00:00Z',
  }),
  event({
    run_id: 'run-1',
    event_type: 'STEP_END',
    step_name: 'load',
    step_index: 1,
    status: 'SUCCESS',
    end_time: '2025-11-03T11:04:10Z',
    records_out: 1_198_000,
  }),
  event({ run_id: 'run-1', event_type: 'RUN_END', status: 'SUCCESS', end_time: '2025-11-03T11:04:10Z' }),
].join('');

test('what is ingested can be listed, shown and asked for, through a server and without one', async () => {
  const file = written('events.ndjson', `${RUN}not json\n`);
  const { server, url, err } = await serving();
  expect((await ran('ingest', file, '--data', data)).out).toBe('5 lines received, 4 accepted, 1 rejected\n');

  const ask = ['query', 'select process_name, status, records_out from current_runs', '--format', 'csv'];
  const rows = 'process_name,status,records_out\r\ndaily_orders,SUCCESS,1198000\r\n';
  const list = `status   pipeline      run    started (UTC)              took  in        out  owner  error
SUCCESS  daily_orders  run-1  2025-11-03 11:00:00  4 min 10 s   –  1,198,000
`;
  for (const place of [
    ['--url', url],
    ['--data', data],
  ]) {
    expect((await ran(...ask, ...place)).out).toBe(rows);
    expect((await ran('runs', ...place)).out).toBe(list);
    expect((await ran('show', 'run-1', ...place)).out).toMatch(/ {2}load {2}━{32} {2}SUCCESS {2}4 min 10 s/);
    expect((await ran('rejections', ...place)).out).toContain('not_json  not json');
  }
  expect((await ran('rebuild', '--verify', '--url', url)).code).toBe(0);

  const ended = once(server, 'close');
  server.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  expect(err()).toBe(
    `stopping: what is under way is finished first; Ctrl-C again to stop at once\nstopped; everything that was acknowledged is in ${data}\n`,
  );
  expect((await ran('runs', '--data', data)).out).toBe(list);
  expect((await ran(...ask, '--data', data)).out).toBe(rows);
  expect((await ran('ingest', file, '--data', data)).out).toBe('5 lines received, 4 accepted, 1 rejected\n');
  expect((await ran('query', 'select count(*) as n from pipeline_logs', '--json', '--data', data)).out).toBe(
    '[{"n":4}]\n',
  );
});

test('after kill -9 everything that was acknowledged is there', async () => {
  const { server } = await serving();
  const { out } = await ran('ingest', written('events.ndjson', RUN), '--data', data);
  expect(out).toBe('4 lines received, 4 accepted, 0 rejected\n');
  await killed(server);
  // The address of the dead server is still written down.
  expect(readFileSync(join(data, 'serving.json'), 'utf8')).toContain('"url"');
  expect((await ran('query', 'select count(*) as n from pipeline_logs', '--json', '--data', data)).out).toBe(
    '[{"n":4}]\n',
  );
  const { url } = await serving();
  expect(JSON.parse((await ran('show', 'run-1', '--json', '--url', url)).out)).toMatchObject({
    run: { status: 'SUCCESS', steps: 1 },
  });
});

test('two ledgers on one folder: the second says who has it', async () => {
  const { server, url } = await serving();
  const { code, out, err } = await ran('serve', '--port', '0', '--data', data);
  expect([code, out]).toEqual([1, '']);
  expect(err).toBe(
    `error: another ledger is using ${data} (process ${server.pid}, serving at ${url}); stop it, or give this one a folder of its own with --data\n`,
  );
});

test('a taken port, and a folder that cannot be one, are one line', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const taken = await ran('serve', '--port', String(port), '--data', data);
  expect([taken.code, taken.err]).toEqual([
    1,
    `error: port ${port} on 127.0.0.1 is taken by another program; use --port with another number, or 0 for any free one\n`,
  ]);
  other.close();
  const file = written('file', '');
  const unwritable = await ran('serve', '--port', '0', '--data', join(file, 'data'));
  expect([unwritable.code, unwritable.err]).toEqual([
    1,
    expect.stringMatching(/^error: cannot write to the folder .*choose another with --data\n$/),
  ]);
});

test('asked to stop twice, it stops at once', async () => {
  const { server, url } = await serving();
  // A request that never ends keeps the first stop waiting.
  const hanging = fetch(`${url}/events`, {
    method: 'POST',
    body: new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('{}\n')) }),
    duplex: 'half',
  } as RequestInit).catch(() => undefined);
  await ran('runs', '--url', url);
  const ended = once(server, 'close');
  const stopping = once(server.stderr ?? server, 'data');
  server.kill('SIGINT');
  await stopping;
  server.kill('SIGINT');
  expect((await ended)[0]).toBe(130);
  await hanging;
});

test('a reader that has seen enough ends no command badly', async () => {
  await ran('ingest', written('events.ndjson', RUN), '--data', data);
  const child = started('query', 'select * from range(50000)', '--json', '--data', data);
  child.stdin?.end();
  await once(child.stdout ?? child, 'data');
  child.stdout?.destroy();
  const err = child.stderr ? await text(child.stderr) : '';
  if (child.exitCode === null) await once(child, 'close');
  expect([child.exitCode, err]).toEqual([0, '']);
});

test('the example is run, shown and counted, well and badly', async () => {
  const out = (...args: readonly string[]) => ran('start', '--once', '--port', '0', '--data', data, ...args);
  const well = await out();
  expect(well.err).toBe('');
  expect(well.code).toBe(0);
  expect(well.out).toMatch(/\nSUCCESS {2}dependency-inventory {2}/);
  expect(well.out).toMatch(/day +pipeline +runs +succeeded +failed[^\n]*\n\S+ +dependency-inventory +1 +1 +0 /);
  expect(well.out).toContain('What to type next\n');

  const badly = await out('--break');
  expect(badly.code).toBe(1);
  expect(badly.err).toMatch(/^\[P2\] opened: dependency-inventory failed in read-manifests: D201 \(local\)\n/);
  expect(badly.err).toMatch(/\nerror: the example ended with 1\n$/);
  expect(badly.out).toMatch(/\nFAILED {2}dependency-inventory {2}/);
  expect(badly.out).toMatch(/\n {2}error +D201 SchemaMismatch/);
});

test('a token is created, used and revoked while the ledger is served, and its folder needs none', async () => {
  const { url } = await serving();
  const health = async (token?: string) =>
    (await fetch(`${url}/health`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await health()).toBe(200);

  const created = async (name: string, role: string) =>
    (await ran('token', 'create', name, '--role', role, '--data', data)).out.trim();
  const writer = await created('airflow', 'write');
  expect([await health(), await health('wrong'), await health(writer)]).toEqual([401, 401, 403]);
  const reader = await created('grafana', 'read');
  expect([await health(reader), await health(writer)]).toEqual([200, 403]);

  const file = written('events.ndjson', RUN);
  expect((await ran('ingest', file, '--url', url, '--token', writer)).out).toBe(
    '4 lines received, 4 accepted, 0 rejected\n',
  );
  expect((await ran('ingest', file, '--url', url, '--token', reader)).err).toContain(
    'expected a token that may send events (write or operate), but got grafana, which has read',
  );
  expect(JSON.parse((await ran('show', 'run-1', '--json', '--url', url, '--token', reader)).out)).toMatchObject({
    run: { status: 'SUCCESS' },
  });
  const query = ['query', "select caller from access_log where question like 'GET /api/runs/run-1%'", '--json'];
  expect((await ran(...query, '--data', data)).out).toBe('[{"caller":"grafana"}]\n');

  expect((await ran('token', 'revoke', 'airflow', '--data', data)).out).toBe('airflow  revoked\n');
  const refused = await ran('ingest', file, '--url', url, '--token', writer);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('but got another; send the token')]);
  await ran('token', 'revoke', 'grafana', '--data', data);
  expect([await health(), await health(reader)]).toEqual([401, 401]);
  expect((await ran('ingest', file, '--data', data)).out).toBe('4 lines received, 4 accepted, 0 rejected\n');
});
