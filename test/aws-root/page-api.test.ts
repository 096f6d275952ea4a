import { gunzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import { openSessionStore } from '../../adapters/dynamodb/session-store.ts';
import { openTokenStore } from '../../adapters/dynamodb/token-store.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import { openPageApi, type PageApiPorts } from '../../aws/page-api.ts';
import { assertSelect } from '../../core/assert-select.ts';
import type { KeptSession } from '../../core/ports/session-store.ts';
import { secretOf } from '../../core/token/named-token.ts';
import type { Role } from '../../core/token/role.ts';
import { aTable } from '../adapters/dynamodb/a-table.ts';
import { anAnswer } from '../cli/fakes.ts';
import { track } from '../contracts/live-store/runs.ts';
import { aClock } from '../fakes/clock.ts';
import { judging } from '../fakes/judging.ts';
import { aStore } from '../fakes/object-store.ts';
import { fakeRecoveryStore } from '../fakes/recovery-store.ts';
import { aReport } from '../lambdas/fakes.ts';

const HOST = 'x.execute-api.eu-west-1.amazonaws.com';
const secretFor = (role: Role): string => secretOf(role, role.charAt(0).repeat(43));

/** The page as API Gateway asks for it, over a table in memory. */
async function anApi(ports: Partial<PageApiPorts> = {}) {
  const clock = aClock('2025-11-03T12:00:00.000Z');
  const table = aTable();
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const tokens = openTokenStore({ ...table, secrets: tokenSecrets });
  for (const role of ['read', 'operate'] as const)
    await tokens.create({ name: role, roles: [role], created_at: clock.now(), expires_at: null }, secretFor(role));
  const store = aStore();
  const sessions: KeptSession[] = [];
  const kept = openSessionStore(table);
  const report = aReport();
  const page = { type: 'text/html', body: new Uint8Array([60]), gzipped: new Uint8Array([31, 139]) };
  const own: PageApiPorts = {
    ...{ ...judging(), recoveries: fakeRecoveryStore(), live, tokens, store, report, clock },
    sessions: {
      ...kept,
      put: async (session) => {
        sessions.push(session);
        await kept.put(session);
      },
    },
    answers: {
      answer: async (sql) => {
        await assertSelect(sql);
        return anAnswer(['n'], [1]);
      },
    },
    page: { index: page, assets: new Map() },
    ...{ hash: (text: string) => text, environment: 'prod', where: 'stack x', bucket: 'lake', scanLimitBytes: 1e11 },
    jwt: undefined,
    ...ports,
  };
  // Each call may meet another instance of the function.
  const ask = async (
    method: string,
    path: string,
    { body, headers = {}, claims }: { body?: object; headers?: Record<string, string>; claims?: object } = {},
  ) => {
    const event = {
      ...{
        version: '2.0',
        routeKey: '$default',
        rawPath: path.split('?')[0],
        rawQueryString: path.split('?')[1] ?? '',
      },
      headers: { host: HOST, origin: `https://${HOST}`, 'content-type': 'application/json', ...headers },
      cookies: headers.cookie === undefined ? [] : [headers.cookie],
      requestContext: {
        ...{ apiId: 'x', domainName: HOST, stage: '$default', requestId: 'r' },
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'browser' },
        ...(claims && { authorizer: { jwt: { claims, scopes: null } } }),
      },
      ...(body && { body: JSON.stringify(body) }),
      isBase64Encoded: false,
    };
    return openPageApi(own)(event as unknown as Parameters<ReturnType<typeof openPageApi>>[0]);
  };
  const read = async (...given: Parameters<typeof ask>) => {
    const { statusCode, body } = await ask(...given);
    return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
  };
  return { ask, read, tokens, live, clock, sessions, report, store };
}

/** Signs in, and gives the headers of the browser from then on. */
async function signedIn({ ask }: Awaited<ReturnType<typeof anApi>>, role: Role) {
  const { cookies = [] } = await ask('POST', '/api/session', { body: { token: secretFor(role) } });
  return { set: cookies[0] ?? '', headers: { cookie: cookies[0]?.split(';')[0] ?? '' } };
}

test('a session holds on every instance of the function, and the browser alone can open what is kept of it', async () => {
  const api = await anApi();
  const { set, headers } = await signedIn(api, 'read');
  expect(set).toMatch(/^runledger_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  expect((await api.read('GET', '/api/session', { headers })).body).toMatchObject({
    caller: { name: 'read', roles: ['read'] },
    deployed: { where: 'stack x', sign_in: 'cookie' },
  });
  expect(await api.read('GET', '/api/runs', { headers })).toEqual({ status: 200, body: [] });
  const id = headers.cookie.split('=')[1] ?? '';
  const kept = JSON.stringify(api.sessions);
  expect([api.sessions.length, kept.includes(id), kept.includes(secretFor('read'))]).toEqual([1, false, false]);
  expect(
    (await api.read('GET', '/api/runs', { headers: { cookie: `runledger_session=${'x'.repeat(43)}` } })).status,
  ).toBe(401);
  await api.ask('DELETE', '/api/session', { headers });
  expect((await api.read('GET', '/api/runs', { headers })).status).toBe(401);
});

test('a token that is revoked ends its sessions, and two idle days do', async () => {
  const api = await anApi();
  const { headers } = await signedIn(api, 'read');
  await api.tokens.revoke('read', { at: api.clock.now(), who: 'ada' });
  expect((await api.read('GET', '/api/runs', { headers })).status).toBe(401);
  const other = await signedIn(api, 'operate');
  api.clock.pass(2 * 86_400_000 + 1_000);
  expect((await api.read('GET', '/api/runs', { headers: other.headers })).status).toBe(401);
});

test('a question is answered, who asked it is in the log, and what is no SELECT is none', async () => {
  const api = await anApi();
  const { headers } = await signedIn(api, 'read');
  expect((await api.read('GET', '/api/questions/kpis', { headers })).body).toMatchObject({ rows: [[1]] });
  expect((await api.read('POST', '/query', { headers, body: { sql: '/* a */ select 1' } })).status).toBe(200);
  for (const sql of [
    'drop table x',
    'insert into x select 1',
    'explain analyze select 1',
    '-- select\nunload (select 1)',
  ])
    expect((await api.read('POST', '/query', { headers, body: { sql } })).status).toBe(400);
  expect(api.report.lines).toContainEqual(
    expect.objectContaining({
      what: 'asked',
      counts: expect.objectContaining({ caller: 'read', source: '192.0.2.7' }),
    }),
  );
});

test('who may only read decides nothing, and what is beyond the page is refused to everybody', async () => {
  const api = await anApi();
  const silence = {
    ...{ id: 's', pattern: 'x', from: '2025-11-03T12:00:00.000Z', until: '2025-11-04T00:00:00.000Z' },
    ...{ why: 'moving', who: 'anybody' },
  };
  const reader = await signedIn(api, 'read');
  expect((await api.read('POST', '/api/alerts/silences', { headers: reader.headers, body: silence })).status).toBe(403);
  const operator = await signedIn(api, 'operate');
  const silenced = await api.read('POST', '/api/alerts/silences', { headers: operator.headers, body: silence });
  expect([silenced.status, JSON.stringify([...api.store.objects.values()])]).toEqual([
    200,
    expect.stringContaining('operate'),
  ]);
  const applied = await api.read('POST', '/api/alerts/pipelines', { headers: operator.headers, body: { text: '' } });
  expect([applied.status, applied.body.error]).toEqual([
    403,
    expect.objectContaining({ message: expect.stringContaining('runledger --aws') }),
  ]);
  expect((await api.read('POST', '/api/rebuild', { headers: operator.headers, body: {} })).status).toBe(404);
});

test('a page of another site neither signs in nor decides', async () => {
  const api = await anApi();
  const { headers } = await signedIn(api, 'operate');
  const origin = 'https://evil.example';
  expect(
    (await api.read('POST', '/api/session', { headers: { origin }, body: { token: secretFor('read') } })).status,
  ).toBe(403);
  expect((await api.read('POST', '/api/alerts/decisions', { headers: { ...headers, origin }, body: {} })).status).toBe(
    403,
  );
});

test('where API Gateway checks a JWT, its claims say who it is and what they may, and no token lets in', async () => {
  const api = await anApi({ jwt: { operators: 'data' } });
  const looker = { sub: '1', email: 'ada@example.com', groups: '[people]' };
  expect((await api.read('GET', '/api/session')).body).toMatchObject({ caller: null, deployed: { sign_in: 'bearer' } });
  expect((await api.read('POST', '/api/session', { claims: looker, body: { token: 'x' } })).body).toMatchObject({
    caller: { name: 'ada@example.com', roles: ['read'] },
  });
  const groups = [{ 'cognito:groups': '[people data]' }, { scope: 'openid data' }, { roles: 'data' }];
  for (const each of groups) {
    const { body } = await api.read('POST', '/api/session', { claims: { sub: '1', ...each }, body: { token: 'x' } });
    expect(body).toMatchObject({ caller: { name: '1', roles: ['operate'] } });
  }
  const bearer = { authorization: `Bearer ${secretFor('operate')}` };
  expect((await api.read('GET', '/api/runs', { headers: bearer })).status).toBe(401);
  expect((await api.read('POST', '/api/session', { body: { token: secretFor('operate') } })).status).toBe(401);
});

test('answers travel packed, and what Lambda cannot carry is refused with that', async () => {
  const rows = Array.from({ length: 3_000 }, (_, at) => [at, 'x'.repeat(3_000)]);
  const api = await anApi({ answers: { answer: async () => anAnswer(['n', 'text'], ...rows) } });
  const { headers } = await signedIn(api, 'read');
  const packed = await api.ask('GET', '/api/questions/kpis', {
    headers: { ...headers, 'accept-encoding': 'gzip, br' },
  });
  expect([packed.statusCode, packed.isBase64Encoded, packed.headers?.['content-encoding']]).toEqual([
    200,
    true,
    'gzip',
  ]);
  expect(JSON.parse(gunzipSync(Buffer.from(packed.body, 'base64')).toString()).rows).toHaveLength(3_000);
  expect(await api.read('GET', '/api/questions/kpis', { headers })).toMatchObject({
    status: 413,
    body: { error: { code: 'too_large', message: expect.stringContaining('at most 6 MB') } },
  });
});

test('the page itself is public, and says what it may load', async () => {
  const { ask } = await anApi();
  const { statusCode, headers } = await ask('GET', '/pipelines');
  expect([statusCode, headers?.['content-security-policy']]).toEqual([
    200,
    expect.stringContaining("default-src 'none'"),
  ]);
});

test('a token that is limited to an owner reads what is theirs alone, and no SQL of its own', async () => {
  const texts: string[] = [];
  const api = await anApi({
    answers: {
      answer: async (sql) => {
        texts.push(sql);
        return anAnswer(['n'], [1]);
      },
    },
  });
  const token = { name: 'crm', roles: ['read'] as const, created_at: api.clock.now(), expires_at: null };
  await api.tokens.create({ ...token, owners: ['team-crm'] }, secretOf('crm', 'c'.repeat(43)));
  for (const team of ['crm', 'billing'])
    await track(api.live, { process_name: `${team}_daily`, run_id: team, owner: `team-${team}` });
  const { cookies = [] } = await api.ask('POST', '/api/session', { body: { token: secretOf('crm', 'c'.repeat(43)) } });
  const headers = { cookie: cookies[0]?.split(';')[0] ?? '' };
  const { body: runs } = await api.read('GET', '/api/runs', { headers });
  expect((runs as unknown as { run_id: string }[]).map(({ run_id }) => run_id)).toEqual(['crm']);
  expect((await api.read('GET', '/api/runs/billing', { headers })).body).toEqual([]);
  expect((await api.read('POST', '/query', { headers, body: { sql: 'select 1' } })).status).toBe(403);
  expect((await api.read('GET', '/api/summary', { headers })).status).toBe(403);
  expect((await api.read('GET', '/api/questions/ledger-cost', { headers })).status).toBe(403);
  expect(texts).toEqual([]);
  expect((await api.read('GET', '/api/questions/kpis', { headers })).status).toBe(200);
  expect(texts[0]).toContain("'team-crm'");
});
