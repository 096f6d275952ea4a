import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { apiOf } from '../../../adapters/http/api.ts';
import { observing } from '../../../adapters/http/observing.ts';
import type { NamedTokens } from '../../../core/ports/named-tokens.ts';
import type { NamedToken } from '../../../core/token/named-token.ts';
import { mayAct, ROLES, type Role } from '../../../core/token/role.ts';
import { isOpen, neededRole, ROUTE_ROLES } from '../../../core/token/route-roles.ts';
import { aLedger } from '../../cli/fakes.ts';
import { anApp, base64, errorOf, firehoseCall } from './fakes.ts';

const NOW = '2026-11-30T12:00:00.000Z';
const clock = { now: () => NOW };
const put = { DeliveryStreamName: 's', Record: { Data: base64('{}') } };

/** A named token for each role, whose secret is that role, and those that are given. */
function named(...more: readonly NamedToken[]): NamedTokens {
  const tokens = [...ROLES.map((role) => aToken(role, [role])), ...more];
  return { areNeeded: () => true, ofSecret: async (secret) => tokens.find(({ name }) => secret === secretOf(name)) };
}
const aToken = (name: string, roles: readonly Role[], expires_at: string | null = null): NamedToken => ({
  name,
  roles,
  created_at: NOW,
  expires_at,
});
const secretOf = (name: string): string => `secret-${name}`;
const bearer = (name: string) => ({ authorization: `Bearer ${secretOf(name)}` });
const signed = (name: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${secretOf(name)}/20261130/us-east-1/firehose/aws4_request, SignedHeaders=host, Signature=00`,
});
/** Node's own request, as its server passes it along. */
const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });

const anOpenApp = (options: Parameters<typeof anApp>[0] = {}) => {
  const api = apiOf(aLedger(), clock);
  return anApp({ tokens: named(), clock, api, observing: observing(aLedger(), clock), ...options });
};

/** A request on a route of the table. */
const requestOn = (route: string): [string, RequestInit] => {
  const [method = '', path = ''] = route.split(' ');
  return [path.replace('*', 'orders').replace('*', 'start'), { method }];
};

test('each route of the app needs a role of the table, and each of the table is a route of the app', () => {
  const { app } = anOpenApp();
  const paths = app.routes
    .filter(({ method }) => method !== 'ALL')
    .flatMap(({ method, path }) => (path.endsWith('?') ? ['', '/x'] : ['']).map((end) => [method, path, end] as const))
    .map(([method, path, end]) => [method, path.replace(/\/:\w+\?$/, end).replace(/:\w+/g, 'x')] as const);
  expect(paths.length).toBeGreaterThan(25);
  const isKnown = (method: string, path: string) => neededRole(method, path) !== undefined || isOpen(method, path);
  expect(paths.filter(([method, path]) => !isKnown(method, path))).toEqual([]);
  const known = new Set(paths.map(([method, path]) => `${method} ${path}`));
  expect(ROUTE_ROLES.map(({ route }) => route.replaceAll('*', 'x')).filter((route) => !known.has(route))).toEqual([]);
});

test.each(ROUTE_ROLES.flatMap((entry) => ROLES.map((role) => ({ ...entry, needed: entry.role, role }))))(
  '$route with a token of role $role',
  async ({ route, needed, role }) => {
    const { app } = anOpenApp();
    const [path, init] = requestOn(route);
    const response = await app.request(path, { ...init, headers: bearer(role) });
    if (mayAct([role], needed)) expect([401, 403, 404, 405]).not.toContain(response.status);
    else expect(response.status).toBe(403);
  },
);

test('a role that does not allow it is named, with those that do and what to type', async () => {
  const { app, sink } = anOpenApp();
  const response = await app.request('/events', { method: 'POST', body: '{}', headers: bearer('read') });
  expect([response.status, await errorOf(response)]).toEqual([
    403,
    {
      code: 'forbidden',
      message:
        'expected a token that may send events (write or operate), but got read, which has read; use another one, or create one with `runledger token create NAME --role write`',
    },
  ]);
  const decision = await app.request('/api/alerts/decisions', { method: 'POST', body: '{}', headers: bearer('write') });
  expect((await errorOf(decision)).message).toContain('a token that may decide and repair (operate), but got write');
  expect(sink.sent).toEqual([]);
});

test('a token with two roles may do what either allows', async () => {
  const { app } = anOpenApp({ tokens: named(aToken('nightly', ['write', 'read'])) });
  const asNightly = (path: string, init: RequestInit = {}) =>
    app.request(path, { ...init, headers: bearer('nightly') });
  expect((await asNightly('/events', { method: 'POST', body: '{}' })).status).toBe(200);
  expect((await asNightly('/query?sql=select+1')).status).toBe(200);
  const rebuild = await asNightly('/api/rebuild', { method: 'POST' });
  expect((await errorOf(rebuild)).message).toContain('but got nightly, which has write and read;');
});

test('over the Firehose protocol a named token is the access key id, and refusals are in the words of AWS', async () => {
  const { app, sink } = anOpenApp({ tokens: named(aToken('old', ['write'], NOW)) });
  const call = async (headers: Record<string, string>) => {
    const response = await app.request('/', firehoseCall('PutRecord', put, headers));
    return [response.status, response.headers.get('x-amzn-errortype')];
  };
  expect(await call(signed('write'))).toEqual([200, null]);
  expect(await call(signed('read'))).toEqual([403, 'AccessDeniedException']);
  expect(await call(signed('old'))).toEqual([401, 'UnrecognizedClientException']);
  expect(await call({})).toEqual([401, 'MissingAuthenticationTokenException']);
  for (let attempt = 0; attempt < 10; attempt++) await call(signed('nobody'));
  expect(await call(signed('nobody'))).toEqual([429, 'ThrottlingException']);
  expect(sink.sent).toHaveLength(1);
});

test('what is no route is not found, with whatever token, and a route that is not in the table is for operate alone', async () => {
  const api = new Hono().get('/forgotten', (c) => c.text('found'));
  const { app } = anOpenApp({ api });
  for (const role of ROLES) expect((await app.request('/wp-admin', { headers: bearer(role) })).status).toBe(404);
  const wrongMethod = await app.request('/events', { method: 'DELETE', headers: bearer('read') });
  expect([wrongMethod.status, wrongMethod.headers.get('allow')]).toEqual([405, 'POST']);
  const statuses = ROLES.map(async (role) => (await app.request('/api/forgotten', { headers: bearer(role) })).status);
  expect(await Promise.all(statuses)).toEqual([404, 404, 200]);
});

test('a token that expired is refused from that moment on, and is told so', async () => {
  let now = '2026-11-30T12:00:00.000Z';
  const tokens = named(aToken('old', ['read'], '2026-11-30T12:00:01.000Z'));
  const { app } = anOpenApp({ tokens, clock: { now: () => now } });
  expect((await app.request('/health', { headers: bearer('old') })).status).toBe(200);
  now = '2026-11-30T12:00:01.000Z';
  for (let attempt = 0; attempt < 20; attempt++) {
    const response = await app.request('/health', { headers: bearer('old') });
    expect([response.status, (await errorOf(response)).message]).toEqual([
      401,
      'expected a token that holds, but got old, which expired at 2026-11-30T12:00:01.000Z; create another one with `runledger token create`',
    ]);
  }
});

test('as long as nobody made a token, everybody who reaches the port is let in; from the first on, nobody without', async () => {
  let areNeeded = false;
  const { app } = anOpenApp({
    tokens: { areNeeded: () => areNeeded, ofSecret: async () => undefined },
    ownToken: 'own',
  });
  expect((await app.request('/health')).status).toBe(200);
  expect((await app.request('/health', { headers: { authorization: 'Bearer whatever' } })).status).toBe(200);
  areNeeded = true;
  expect((await app.request('/health')).status).toBe(401);
  const own = await app.request('/health', { headers: { authorization: 'Bearer own' } });
  expect(own.status).toBe(200);
});

test("the server's own token may do everything beside named ones", async () => {
  const { app } = anOpenApp({ token: 'started-with' });
  const headers = { authorization: 'Bearer started-with' };
  expect((await app.request('/api/rebuild', { method: 'POST', headers })).status).toBe(200);
  expect((await app.request('/health', { headers: bearer('read') })).status).toBe(200);
});

test('after ten wrong tokens in a minute an address waits until the minute is over, and is told how long', async () => {
  let now = '2026-11-30T12:00:00.000Z';
  const { app, sink } = anOpenApp({ token: 'guessable', clock: { now: () => now } });
  const send = (token: string, address = '10.0.0.1') =>
    app.request(
      '/events',
      { method: 'POST', body: '{}', headers: { authorization: `Bearer ${token}` } },
      from(address),
    );
  for (let attempt = 0; attempt < 10; attempt++) expect((await send(`guess-${attempt}`)).status).toBe(401);
  now = '2026-11-30T12:00:18.500Z';
  const refused = await send('guessable');
  expect([refused.status, refused.headers.get('retry-after'), await errorOf(refused)]).toEqual([
    429,
    '42',
    {
      code: 'too_many_attempts',
      message:
        'expected a token of this server, but got too many wrong ones from this address; send the right one in 42 s',
    },
  ]);
  expect((await send('guessable', '10.0.0.2')).status).toBe(200);
  now = '2026-11-30T12:01:00.000Z';
  expect((await send('guessable')).status).toBe(200);
  expect(sink.sent).toHaveLength(2);
});

test('what nobody can guess is let in from an address that waits, and a request without a token is no attempt', async () => {
  const long = 'x'.repeat(32);
  const { app } = anOpenApp({ token: long });
  const health = async (headers: Record<string, string>) => (await app.request('/health', { headers })).status;
  for (let attempt = 0; attempt < 20; attempt++) expect(await health({})).toBe(401);
  for (let attempt = 0; attempt < 10; attempt++) expect(await health(bearer('nobody'))).toBe(401);
  expect(await health(bearer('nobody'))).toBe(429);
  expect(await health(bearer('read'))).toBe(200);
  expect(await health({ authorization: `Bearer ${long}` })).toBe(200);
});

test('whose token it was is told with each question, and is null where it has no name', async () => {
  const callers: (string | null)[] = [];
  const { app } = anOpenApp({ token: 'started-with', ports: { onAsked: ({ caller }) => callers.push(caller) } });
  const started = { authorization: 'Bearer started-with' };
  for (const headers of [bearer('read'), bearer('operate'), started]) {
    await app.request('/query?sql=select+1', { headers });
    await app.request('/api/runs', { headers });
  }
  await app.request('/query?sql=select+1', { headers: bearer('write') });
  expect(callers).toEqual(['read', 'read', 'operate', 'operate', null, null]);
});

test('who decides is the named token, whatever the request says; without a name it is what the request says', async () => {
  const whos: string[] = [];
  const noAlerts = aLedger().alerts;
  const alerts: typeof noAlerts = {
    ...noAlerts,
    decide: async ({ who }) => void whos.push(who),
    silence: async ({ who }) => void whos.push(who),
    applyPipelines: async (_text, who = '') => {
      whos.push(who);
      return { problems: [], warnings: [], watched: [] };
    },
  };
  const ledger = aLedger({
    alerts,
    dismiss: async ({ who = '' }) => void whos.push(who),
    forgetObjects: async ({ who = '' }) => {
      whos.push(who);
      return [];
    },
  });
  const { app } = anOpenApp({ token: 'started-with', api: apiOf(ledger, clock) });
  const decision = { id: 'i', decision: 'acknowledge', who: 'ada' };
  const silence = { id: 's', pattern: '*', from: NOW, until: NOW, who: 'ada', why: 'moving' };
  for (const headers of [bearer('operate'), { authorization: 'Bearer started-with' }]) {
    for (const [path, body] of [
      ['/api/alerts/decisions', decision],
      ['/api/alerts/silences', silence],
      ['/api/alerts/pipelines', { text: 'pipelines: {}', who: 'ada' }],
      ['/api/rejections/dismiss', { keys: ['a'.repeat(32)], reason: 'mine', who: 'ada' }],
      ['/api/objects/forget', { objects: ['raw/a'], reason: 'torn', who: 'ada' }],
    ] as const) {
      const response = await app.request(path, { method: 'POST', body: JSON.stringify(body), headers });
      expect(response.status).toBe(200);
    }
  }
  expect(whos).toEqual([...Array(5).fill('operate'), ...Array(5).fill('ada')]);
});
