import { expect, test } from 'vitest';
import type { NamedToken } from '../../../core/token/named-token.ts';
import { anApp, errorOf } from './fakes.ts';

const TOKEN = 'a-token-that-is-long-enough-to-be-sure';
const HOST = { host: 'ledger.example:4319' };

/** A browser: it keeps the cookies that it is given. */
function aBrowser(options: Parameters<typeof anApp>[0] = {}) {
  const { app, sink } = anApp({ token: TOKEN, allowedHosts: ['ledger.example'], ...options });
  const cookies = new Map<string, string>();
  const visit = async (path: string, init: RequestInit = {}, headers: Record<string, string> = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.request(path, { ...init, headers: { ...HOST, ...(cookie && { cookie }), ...headers } });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  };
  const signIn = (token: string, headers: Record<string, string> = {}) =>
    visit('/api/session', { method: 'POST', body: JSON.stringify({ token }) }, headers);
  return { visit, signIn, cookies, sink };
}

test('whoever gives a token is let in by a cookie from then on, until they sign out', async () => {
  const { visit, signIn, cookies } = aBrowser();
  expect((await visit('/health')).status).toBe(401);
  expect(await (await visit('/api/session')).json()).toMatchObject({ needs_token: true, caller: null });

  const signedIn = await signIn(TOKEN);
  expect(await signedIn.json()).toMatchObject({ needs_token: true, caller: { name: null, roles: ['operate'] } });
  expect((await visit('/health')).status).toBe(200);

  const [kept] = [...cookies];
  await visit('/api/session', { method: 'DELETE' });
  expect((await visit('/health')).status).toBe(401);
  const stolen = await visit('/health', {}, { cookie: kept?.join('=') ?? '' });
  expect(stolen.status).toBe(401);
});

test('the cookie is out of reach of scripts and other sites, holds no token, and belongs to one port', async () => {
  const { signIn } = aBrowser();
  const [set = ''] = (await signIn(TOKEN)).headers.getSetCookie();
  expect(set).toMatch(/^runledger_session4319=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(set).not.toContain(TOKEN);
});

test('behind a proxy with https the cookie never travels without it', async () => {
  const { signIn } = aBrowser({ allowedOrigins: ['https://ledger.example'] });
  const [set = ''] = (await signIn(TOKEN, { origin: 'https://ledger.example' })).headers.getSetCookie();
  expect(set).toContain('; Secure');
});

test('a page of another origin neither signs in nor uses the cookie', async () => {
  const { visit, signIn, sink } = aBrowser();
  expect((await signIn(TOKEN, { origin: 'https://evil.example' })).status).toBe(403);
  await signIn(TOKEN);
  const forged = await visit('/events', { method: 'POST', body: '{}' }, { origin: 'https://evil.example' });
  expect([forged.status, sink.sent]).toEqual([403, []]);
});

test('wrong tokens are counted at the form as everywhere, and then even the right one of that length waits', async () => {
  const { signIn, cookies } = aBrowser({ token: 'short' });
  for (let attempt = 0; attempt < 10; attempt++) expect((await signIn('wrong')).status).toBe(401);
  const next = await signIn('short');
  expect([next.status, (await errorOf(next)).code, cookies.size]).toEqual([429, 'too_many_attempts', 0]);
});

const aToken = (expires_at: string | null): NamedToken => ({
  ...{ name: 'night', roles: ['read'], created_at: '2025-11-01T00:00:00.000Z', expires_at },
});

test('a token that expires or is revoked under an open page ends its session at once, and is no wrong guess', async () => {
  let now = '2025-11-03T12:00:00.000Z';
  let token: NamedToken | undefined = aToken('2025-11-03T13:00:00.000Z');
  const options = { tokens: { areNeeded: () => true, ofSecret: async () => token }, clock: { now: () => now } };
  const { visit, signIn } = aBrowser(options);
  await signIn('anything');
  expect(await (await visit('/api/session')).json()).toMatchObject({ caller: { name: 'night', roles: ['read'] } });

  now = '2025-11-03T13:00:00.000Z';
  expect((await errorOf(await visit('/health'))).message).toContain('night, which expired at');
  expect((await errorOf(await visit('/health'))).message).toContain('no Authorization');

  token = aToken(null);
  await signIn('anything');
  token = undefined;
  expect((await errorOf(await visit('/health'))).message).toContain('one that was revoked');
  for (let attempt = 0; attempt < 20; attempt++) expect((await visit('/health')).status).toBe(401);
});

test('a session ends after two days that nobody used it, and after a week in any case', async () => {
  let now = Date.parse('2025-11-03T00:00:00.000Z');
  const { visit, signIn } = aBrowser({ clock: { now: () => new Date(now).toISOString() } });
  const dayLater = (days: number) => {
    now += days * 86_400_000;
    return visit('/health').then(({ status }) => status);
  };
  await signIn(TOKEN);
  expect(await dayLater(1.9)).toBe(200);
  expect(await dayLater(2.1)).toBe(401);
  await signIn(TOKEN);
  for (let day = 0; day < 6; day++) expect(await dayLater(1.1)).toBe(200);
  expect(await dayLater(1.1)).toBe(401);
});

test('where no token is asked for, everybody is in', async () => {
  const { visit } = aBrowser({ token: undefined });
  const session = await (await visit('/api/session')).json();
  expect(session).toMatchObject({ needs_token: false, caller: { name: null, roles: ['operate'] } });
});
