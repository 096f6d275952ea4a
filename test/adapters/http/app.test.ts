import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { anApp, errorOf } from './fakes.ts';

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
