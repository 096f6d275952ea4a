import { expect, test } from 'vitest';
import type { Ping } from '../../../core/ping.ts';
import { anApp } from './fakes.ts';

function pinged(answer: { readonly accepted: number; readonly why?: string } = { accepted: 1 }) {
  const pings: Ping[] = [];
  const takePing = async (ping: Ping) => {
    pings.push(ping);
    return { run_id: ping.run_id ?? 'new', ...answer };
  };
  return { pings, app: anApp({ ports: { takePing } }).app };
}

test.each([
  ['/ping/orders', 'success'],
  ['/ping/orders/start', 'start'],
  ['/ping/orders/fail', 'fail'],
  ['/ping/orders/log', 'log'],
  ['/ping/orders/0', 0],
  ['/ping/orders/137', 137],
] as const)('GET %s says %s', async (path, state) => {
  const { app, pings } = pinged();
  const answer = await app.request(path);
  expect([answer.status, await answer.text()]).toEqual([200, 'OK new\n']);
  expect(pings).toMatchObject([{ pipeline: 'orders', state, output: '' }]);
});

test('HEAD is a ping too; POST brings what was written last, and the run, the environment and the slot may be named', async () => {
  const { app, pings } = pinged();
  await app.request('/ping/orders', { method: 'HEAD' });
  const query = new URLSearchParams({ rid: 'run 1', env: 'test', slot: '2025-11-03T02:00:00Z' });
  await app.request(`/ping/a%2Fb/1?${query}`, { method: 'POST', body: 'disk full\n' });
  expect(pings).toEqual([
    { pipeline: 'orders', state: 'success', output: '' },
    {
      ...{ pipeline: 'a/b', state: 1, output: 'disk full\n' },
      ...{ run_id: 'run 1', environment: 'test', scheduled_for: '2025-11-03T02:00:00Z' },
    },
  ]);
});

test.each(['/ping/orders/started', '/ping/orders/256', '/ping/orders/-1', '/ping/orders/1.5'])(
  '%s is refused with what there is',
  async (path) => {
    const { app, pings } = pinged();
    const answer = await app.request(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('start, success, fail, log or an exit code of 0 to 255');
    expect(pings).toEqual([]);
  },
);

test('what the ledger rejects is said, with a status that curl -f notices', async () => {
  const { app } = pinged({ accepted: 0, why: 'expected a name of at most 512 characters' });
  const answer = await app.request('/ping/orders');
  expect(answer.status).toBe(422);
  expect(await answer.text()).toContain('expected a name of at most 512 characters');
});

test('a page of another site cannot ping, also by a browser that does not say whose request it is', async () => {
  const { app, pings } = pinged();
  const from = (referer: string) => app.request('/ping/orders', { headers: { referer } });
  expect((await from('https://evil.example/page')).status).toBe(403);
  expect((await from('nonsense')).status).toBe(403);
  expect((await from('http://localhost/')).status).toBe(200);
  expect(pings).toHaveLength(1);
});
