import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { readServing } from '../../adapters/file-system/serving-file.ts';
import { openTokenFiles } from '../../adapters/file-system/token-files.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import { secretOf } from '../../core/token/named-token.ts';
import type { Role } from '../../core/token/role.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../local/server.ts';

let folder: string;
const running: RunningServer[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'runledger-server-'));
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<ServerOptions> = {}): Promise<RunningServer> {
  const server = await startServer({ dir: folder, host: '127.0.0.1', port: 0, ...options });
  running.push(server);
  return server;
}

const tokenFiles = () =>
  openTokenFiles({
    dir: folder,
    clock: systemClock,
    secrets: tokenSecrets,
    onError: (error) => expect.unreachable(String(error)),
  });

async function aNamedToken(name: string, role: Role): Promise<string> {
  const secret = secretOf(name, 'a'.repeat(43));
  await tokenFiles().create({ name, roles: [role], created_at: systemClock.now(), expires_at: null }, secret);
  return secret;
}

const post = (url: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/events`, { method: 'POST', body, headers });

const EVENT = '{"process_name":"daily_orders","run_id":"run-1","event_type":"RUN_END","status":"SUCCESS"}\n';

test('what is sent can be asked for, over every way in', async () => {
  const { url, ledger } = await start();
  expect(await (await post(url, EVENT)).json()).toEqual({ received: 1, accepted: 1, rejected: 0 });
  const sql = 'select process_name, status from current_runs';
  const answer = (await (await fetch(`${url}/query?${new URLSearchParams({ sql })}`)).json()) as Answer;
  expect(answer.rows).toEqual([['daily_orders', 'SUCCESS']]);
  const runs = await (await fetch(`${url}/api/runs`)).json();
  expect(runs).toMatchObject([{ run_id: 'run-1', status: 'SUCCESS' }]);
  expect(runs).toEqual(await ledger.runs({ limit: 20 }));
});

test('the page and the health say what is kept where', async () => {
  const { url, dir } = await start();
  await post(url, EVENT);
  const health = await (await fetch(`${url}/health`)).json();
  expect(health).toMatchObject({ status: 'ok', data_dir: dir, open_runs: 0 });
  const page = await (await fetch(`${url}/runs/run-1`)).text();
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
  expect((await fetch(url + script)).headers.get('content-type')).toMatch(/^text\/javascript/);
});

test('where it serves is written down while it does, with its token', async () => {
  const server = await start({ token: 'secret' });
  expect(readServing(folder)).toEqual({ url: server.url, pid: process.pid, token: 'secret' });
  expect((await post(server.url, EVENT)).status).toBe(401);
  expect((await post(server.url, EVENT, { authorization: 'Bearer secret' })).status).toBe(200);
  await server.close();
  expect(readServing(folder)).toBeNull();
});

test('closing lets requests under way finish, and what they were answered is kept', async () => {
  const server = await start();
  const send = async (run_id: string) => {
    const { status } = await post(server.url, EVENT.replace('run-1', run_id).repeat(2_000));
    return { status, run_id };
  };
  await send('first');
  const sending = Promise.allSettled(Array.from({ length: 20 }, (_, at) => send(`run-${at}`)));
  await server.close();
  const answered = (await sending).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  await expect(fetch(`${server.url}/health`)).rejects.toThrow();

  const { ledger } = await start();
  const kept = (await ledger.runs({ limit: 100 })).map(({ run_id }) => run_id);
  for (const { status, run_id } of [...answered, { status: 200, run_id: 'first' }]) {
    expect(status).toBe(200);
    expect(kept).toContain(run_id);
  }
});

test('closing twice is closing once', async () => {
  const server = await start();
  await Promise.all([server.close(), server.close()]);
});

test('a folder that another ledger has is not opened, and says who has it', async () => {
  const { url } = await start();
  await expect(start()).rejects.toThrow(
    `(process ${process.pid}, serving at ${url}); stop it, or give this one a folder of its own with --data`,
  );
});

test('a port that is taken is said to be so, and the folder is free again', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(start({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is taken by another program`);
  other.close();
  expect(existsSync(join(folder, 'serving.json'))).toBe(false);
  await start();
});

test('other machines are not served without a token', async () => {
  await expect(start({ host: '0.0.0.0' })).rejects.toThrow('expected a token for 0.0.0.0');
});

test('who asked what is in the access log, masked, whether it was answered or not', async () => {
  const server = await start();
  const { url } = server;
  const ask = (sql: string, at = url) =>
    fetch(`${at}/query?${new URLSearchParams({ sql })}`, { headers: { 'user-agent': 'a notebook' } });
  await ask("select run_id from current_runs where user = 'ada@example.com'");
  await ask('drop table pipeline_logs');
  await fetch(`${url}/api/runs?limit=5`);
  await fetch(`${url}/api/runs/run-1`);
  await fetch(url);
  await fetch(`${url}/health`);
  await post(url, EVENT);

  // What was asked is written by the time the server is closed.
  await server.close();
  const again = await start();
  const sql = "select * from access_log where question not like '%access_log%' order by asked_at";
  const answer = (await (await ask(sql, again.url)).json()) as Answer;
  const column = (name: string) => {
    const at = answer.columns.findIndex((each) => each.name === name);
    return answer.rows.map((row) => row[at]);
  };
  expect(column('question')).toEqual([
    "select run_id from current_runs where user = '[email]'",
    'drop table pipeline_logs',
    'GET /api/runs?limit=5',
    'GET /api/runs/run-1',
  ]);
  expect(new Set(column('source'))).toEqual(new Set(['127.0.0.1']));
  expect(column('user_agent')[0]).toBe('a notebook');
  expect(column('caller')[0]).toBeNull();
  expect(column('asked_on')).toEqual(column('asked_at').map((instant) => String(instant).slice(0, 10)));
  expect(new Set(column('access_key')).size).toBe(4);
});

test('callers without the token ask nothing, and a question is answered though it cannot be recorded', async () => {
  const troubles: string[] = [];
  const { url } = await start({ token: 'secret', onError: (error) => troubles.push(String(error)) });
  await fetch(`${url}/query?sql=select+1`);
  rmSync(join(folder, 'access'), { recursive: true });
  writeFileSync(join(folder, 'access'), '');
  const asked = await fetch(`${url}/query?sql=select+1`, { headers: { authorization: 'Bearer secret' } });
  expect(asked.status).toBe(200);
  await running.at(-1)?.close();
  expect(troubles).toHaveLength(1);
});

test('a named token is enough to serve other machines, and stays so when it is revoked', async () => {
  const secret = await aNamedToken('grafana', 'read');
  const server = await start({ host: '0.0.0.0' });
  const authorization = `Bearer ${secret}`;
  expect(server.needsToken).toBe(true);
  expect((await fetch(`${server.url}/health`)).status).toBe(401);
  expect((await fetch(`${server.url}/health`, { headers: { authorization } })).status).toBe(200);
  await tokenFiles().revoke('grafana', { at: systemClock.now(), who: 'ada' });
  expect((await fetch(`${server.url}/health`)).status).toBe(401);
  expect((await fetch(`${server.url}/health`, { headers: { authorization } })).status).toBe(401);
});

test('programs of its user find a token in the folder, which lets them do everything beside named ones', async () => {
  const server = await start();
  await aNamedToken('grafana', 'read');
  const { token } = readServing(folder) ?? {};
  expect(token).toBe(server.token);
  expect((await post(server.url, EVENT)).status).toBe(401);
  expect((await post(server.url, EVENT, { authorization: `Bearer ${token}` })).status).toBe(200);
  await server.close();
  expect((await start()).token).not.toBe(token);
});

test('a decision of a holder of a named token bears its name', async () => {
  const secret = await aNamedToken('oncall', 'operate');
  const { url, ledger } = await start();
  const at = '2026-11-30T12:00:00.000Z';
  const silence = { id: 's-1', pattern: '*', from: at, until: '2090-01-01T00:00:00.000Z', who: 'ada', why: 'moving' };
  const answer = await fetch(`${url}/api/alerts/silences`, {
    method: 'POST',
    body: JSON.stringify(silence),
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(answer.status).toBe(200);
  expect(await ledger.alerts.silences()).toEqual([{ ...silence, who: 'oncall' }]);
});
