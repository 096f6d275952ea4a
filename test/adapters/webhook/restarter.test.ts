import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { openHttpRestarter } from '../../../adapters/webhook/restarter.ts';
import type { StartedRun } from '../../../core/recovery/recovery.ts';
import { aStart, restarterContract } from '../../contracts/restarter.contract.ts';
import { answered, aReceiver } from './receiver.ts';

const secrets = (addresses: Readonly<Record<string, string>>) => ({
  read: async (reference: string) => {
    const found = addresses[reference];
    if (found === undefined) throw new Error(`expected ${reference}, got nothing`);
    return found;
  },
});
const clock = { now: () => '2025-11-03T12:00:00.000Z' };

/** Nobody listens there any more. */
async function closedAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}/start`;
}

async function aCase() {
  const receiver = await aReceiver((response, tries, request) => {
    if (request.path !== '/silent') answered(Number(request.path.slice(1)) || 202)(response, tries, request);
  });
  const restarter = openHttpRestarter({
    secrets: secrets({
      'env:GOOD': `${receiver.url}/start`,
      'env:KEY': 'a key',
      'env:GONE': await closedAddress(),
      'env:SILENT': `${receiver.url}/silent`,
      ...Object.fromEntries([302, 404, 429, 500, 503].map((code) => [`env:S${code}`, `${receiver.url}/${code}`])),
    }),
    clock,
    timeout: () => AbortSignal.timeout(300),
  });
  return { receiver, restarter };
}

const runOf = (body: string): Partial<StartedRun> => {
  const { run_id, parent_run_id, root_run_id, run_attempt, run_mode, from_step, scheduled_for, params } =
    JSON.parse(body).data;
  return {
    ...{ run_id, root_run_id, run_attempt, run_mode, params, scheduled_for: scheduled_for ?? undefined },
    ...{ parent_run_id: parent_run_id ?? undefined, from_step: from_step ?? undefined },
  };
};

restarterContract('an HTTP request', async () => {
  const { receiver, restarter } = await aCase();
  return {
    restarter,
    good: { http: { url: 'env:GOOD', secret: 'env:KEY' } },
    refusing: { http: { url: 'env:GONE' } },
    silent: { http: { url: 'env:SILENT' } },
    foreign: { command: { run: ['job'] } },
    received: async (count) => {
      expect(receiver.received).toHaveLength(count);
      return receiver.received.map(({ body }) => runOf(body));
    },
    isRunning: async () => false,
  };
}, [
  {
    reason: 'a request has no way to stop what it started',
    tests: [
      'stops what it started, with all that this started, and confirms it',
      'stopping what has ended is no error',
    ],
  },
]);

test.each([
  [302, 'not_started'],
  [404, 'not_started'],
  [429, 'not_started'],
  [500, 'unclear'],
  [503, 'unclear'],
])('an answer %i means %s, and is asked for once', async (code, state) => {
  const { receiver, restarter } = await aCase();
  expect(await restarter.start(aStart({ http: { url: `env:S${code}` } }))).toMatchObject({ state });
  expect(receiver.received).toHaveLength(1);
});

test('the request is signed, and has one id for one run', async () => {
  const { receiver, restarter } = await aCase();
  const target = { http: { url: 'env:GOOD', secret: 'env:KEY' } };
  for (const run_id of ['a-try2', 'a-try2', 'b-try2']) await restarter.start(aStart(target, { run_id }));
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
  expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    type: 'runledger.run.start',
    subject: 'orders',
  });
});
