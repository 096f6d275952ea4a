import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import type { PageRun } from '../../../adapters/http/page.ts';
import { anApp, errorOf, factsOf } from './fakes.ts';

const aRun = (run: Partial<PageRun> = {}): PageRun => ({
  status: 'SUCCESS',
  process_name: 'orders',
  run_id: 'r-1',
  environment: 'prod',
  start_time: '2025-11-05T10:22:31.123Z',
  duration_ms: 252_000,
  records_out: 1_234_567,
  ...run,
});

const pageOf = async (facts: Parameters<typeof factsOf>[0], token?: string) => {
  const { app } = anApp({ token, ports: { page: async () => factsOf(facts) } });
  return app.request('/', { headers: { authorization: `Bearer ${token}` } });
};

test('health that has troubles is 503, and names them', async () => {
  const troubles = [{ part: 'tables', cause: 'the disk is full' }];
  const { app } = anApp({ ports: { health: async () => ({ runs: 3, troubles }) } });
  const response = await app.request('/health');
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ status: 'failing', runs: 3, troubles });
});

test('health is ok together with what the ledger says of itself', async () => {
  const { app } = anApp();
  expect(await (await app.request('/health')).json()).toEqual({ status: 'ok', runs: 3 });
});

test('the page says what is here, what ran, and how to send and ask', async () => {
  const text = await (await pageOf({ runs: [aRun()] })).text();
  for (const part of [
    '0.1.0',
    '/home/ada/ledger',
    '12,345',
    'orders',
    'r-1',
    'prod',
    '2025-11-05 10:22:31',
    '4 min 12 s',
    '1,234,567',
  ]) {
    expect(text).toContain(part);
  }
  expect(text).toContain('curl http://127.0.0.1:4319/events');
  expect(text).toContain('endpoint_url=&quot;http://127.0.0.1:4319&quot;');
  expect(text).toContain('runledger query');
});

test('when a token is asked for, the page says how to give it and never what it is', async () => {
  const text = await (await pageOf({}, 'tkn_secret')).text();
  expect(text).toContain('Authorization: Bearer $RUNLEDGER_TOKEN');
  expect(text).not.toContain('tkn_secret');
});

test('hostile names are text on the page, wherever they stand', async () => {
  const evil = `"><script>alert('1')</script>&lt;`;
  const run = aRun({ status: evil, process_name: evil, run_id: evil, environment: evil, start_time: evil });
  const page = await pageOf({
    version: evil,
    data_dir: evil,
    url: evil,
    stats: [{ label: evil, value: evil }],
    runs: [run],
  });
  const text = await page.text();
  const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;lt;';
  expect(text).not.toContain('<script');
  expect(text.match(/<[a-z]+/g)).toEqual((await (await pageOf({ runs: [aRun()] })).text()).match(/<[a-z]+/g));
  expect(text.split(escaped).length - 1).toBe(15);
});

test('the page may load, run and be framed by nothing, and its style is the one that is named', async () => {
  const page = await pageOf({});
  const style = /<style>([\s\S]*)<\/style>/.exec(await page.text())?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  expect(page.headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(page.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i);
});

test.each([
  [null, '–'],
  [0, '0 ms'],
  [999, '999 ms'],
  [59_999, '59.9 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [90_061_000, '1 d 1 h'],
])('a duration of %s ms reads %s', async (duration_ms, shown) => {
  const text = await (await pageOf({ runs: [aRun({ duration_ms })] })).text();
  expect(text).toContain(`<td class="number">${shown}</td>`);
});

test('an unknown path names what there is', async () => {
  const { app } = anApp({ api: new Hono() });
  const response = await app.request('/wp-admin');
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({
    error: {
      code: 'not_found',
      message:
        'there is no /wp-admin here; there are GET|POST /, POST /events[?partial], GET|POST /ping/NAME[/start|/success|/fail|/log|/EXIT_CODE], GET|POST /query, GET /health, /api/…',
    },
  });
});

test('another method names those there are', async () => {
  const { app } = anApp();
  const response = await app.request('/events/', { method: 'DELETE' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await response.json()).toEqual({
    error: { code: 'method_not_allowed', message: 'expected POST /events, but got DELETE' },
  });
});

test('routes given for /api are behind the same guard and fail the same way', async () => {
  const api = new Hono()
    .get('/runs', (c) => c.json({ runs: [] }))
    .get('/broken', () => {
      throw new Error('secret');
    });
  const { app } = anApp({ api });
  expect(await (await app.request('/api/runs')).json()).toEqual({ runs: [] });
  expect((await app.request('/api/runs', { headers: { host: 'evil.example' } })).status).toBe(403);
  const broken = await app.request('/api/broken');
  expect([broken.status, (await errorOf(broken)).code]).toEqual([500, 'internal']);
});

test('every answer forbids caches, other sites and guessing its type, errors as well', async () => {
  const { app } = anApp();
  for (const path of ['/', '/health', '/nowhere', '/query']) {
    const { headers } = await app.request(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});
