import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { contentHash } from '../../../adapters/content-hash.ts';
import { openDatabricks } from '../../../adapters/databricks/restarter.ts';
import { aStart, restarterContract } from '../../contracts/restarter.contract.ts';
import { fromVariables } from '../../service-models/platform-tests.ts';
import { aTimeout } from '../../service-models/timeouts.ts';

const HOST = 'https://dbc-1.cloud.databricks.com';
const TOKEN = 'dapi-0123456789';
const JOBS = { orders: 1, refused: 2, silent: 3 } as const;
const target = (job_id: number, token = 'ssm:/runledger/databricks') => ({ databricks: { host: HOST, job_id, token } });

interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}
interface Said {
  readonly status: number;
  readonly body: object | string;
}

/**
 * A workspace on loopback that answers as Databricks documents its Jobs API 2.2: `run-now`, `runs/get` and `runs/cancel`.
 * There is no machine-readable description of it to hold requests against.
 */
async function aWorkspace(failing?: Said) {
  const { timeout, pass } = aTimeout();
  const asked: Asked[] = [];
  const runs = new Map<number, string>();
  const byToken = new Map<unknown, number>();
  const answer = ({ path, body }: Asked): Said | undefined => {
    if (path === '/api/2.2/jobs/run-now') {
      if (body.job_id === JOBS.silent) {
        pass();
        return undefined;
      }
      if (body.job_id !== JOBS.orders)
        return failing ?? { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'no such job' } };
      const run_id = byToken.get(body.idempotency_token) ?? 1_042_334_905_217_264 + runs.size;
      byToken.set(body.idempotency_token, run_id);
      runs.set(run_id, 'RUNNING');
      return { status: 200, body: { run_id, number_in_job: run_id } };
    }
    const run_id = Number(new URL(path, HOST).searchParams.get('run_id') ?? body.run_id);
    const state = runs.get(run_id);
    if (state === undefined)
      return { status: 404, body: { error_code: 'RESOURCE_DOES_NOT_EXIST', message: `Run ${run_id} does not exist.` } };
    if (path === '/api/2.2/jobs/runs/cancel') {
      runs.set(run_id, 'TERMINATING');
      return { status: 200, body: {} };
    }
    if (state === 'TERMINATING') runs.set(run_id, 'TERMINATED');
    const result = state === 'TERMINATED' ? { result_state: 'CANCELED' } : {};
    return { status: 200, body: { run_id, state: { life_cycle_state: state, ...result } } };
  };
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const each = {
      path: request.url ?? '',
      authorization: request.headers.authorization,
      body: JSON.parse(text || '{}'),
    };
    asked.push(each);
    const said = answer(each);
    if (said === undefined) return;
    response.writeHead(said.status, { 'content-type': 'application/json' });
    response.end(typeof said.body === 'string' ? said.body : JSON.stringify(said.body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const restarter = openDatabricks({
    secrets: {
      read: async (reference) => {
        if (reference.endsWith('databricks')) return TOKEN;
        throw new Error(`expected a secret in ${reference}, but got none`);
      },
    },
    // Workspaces speak https alone; the test speaks to loopback.
    fetch: (url, init) => fetch(String(url).replace(HOST, `http://127.0.0.1:${port}`), init),
    timeout,
    pause: async () => undefined,
    stopWithinMs: 30_000,
    hash: contentHash,
  });
  const starts = () => asked.filter(({ path }) => path.endsWith('run-now'));
  return { restarter, asked, runs, starts };
}

restarterContract('jobs of Databricks', async () => {
  const { restarter, runs, starts } = await aWorkspace();
  return {
    restarter,
    ...{ good: target(JOBS.orders), refusing: target(JOBS.refused), silent: target(JOBS.silent) },
    foreign: { command: { run: ['job'] } },
    received: async (count) => {
      expect(starts()).toHaveLength(count);
      return starts().map(({ body }) => fromVariables(body.job_parameters as Readonly<Record<string, unknown>>));
    },
    isRunning: async (handle) => runs.get(Number(JSON.parse(handle).run)) === 'RUNNING',
  };
});

test.each([
  [400, 'INVALID_PARAMETER_VALUE', 'not_started'],
  [403, 'PERMISSION_DENIED', 'not_started'],
  [404, 'RESOURCE_DOES_NOT_EXIST', 'not_started'],
  [429, 'REQUEST_LIMIT_EXCEEDED', 'not_started'],
  [500, 'INTERNAL_ERROR', 'unclear'],
  [503, 'TEMPORARILY_UNAVAILABLE', 'unclear'],
])('%i %s means %s, and is asked for once', async (status, error_code, state) => {
  const { restarter, starts } = await aWorkspace({ status, body: { error_code, message: `no ${TOKEN}` } });
  const outcome = await restarter.start(aStart(target(JOBS.refused)));
  expect(outcome).toMatchObject({ state, why: expect.stringContaining(`got ${error_code}: status ${status}, no …`) });
  expect(starts()).toHaveLength(1);
});

test.each([
  ['a gateway that answers in HTML', { status: 502, body: '<html>' }, 'unclear'],
  ['a login page in place of the API', { status: 302, body: '' }, 'not_started'],
  ['a good answer without a run', { status: 200, body: {} }, 'unclear'],
])('%s', async (_, said, state) => {
  const { restarter } = await aWorkspace(said);
  expect(await restarter.start(aStart(target(JOBS.refused)))).toMatchObject({ state });
});

test('one run has one idempotency token; the secret is in no handle, and without it nothing is asked', async () => {
  const { restarter, asked, starts } = await aWorkspace();
  const outcomes = [];
  for (const run_id of ['a', 'a', 'b']) outcomes.push(await restarter.start(aStart(target(JOBS.orders), { run_id })));
  expect(outcomes[0]).toEqual(outcomes[1]);
  expect(outcomes[0]).not.toEqual(outcomes[2]);
  expect(JSON.stringify(outcomes)).not.toContain(TOKEN);
  expect(starts()[0]?.authorization).toBe(`Bearer ${TOKEN}`);
  expect(String(starts()[0]?.body.idempotency_token).length).toBeLessThanOrEqual(64);
  expect(await restarter.start(aStart(target(JOBS.orders, 'ssm:/other')))).toEqual({
    state: 'not_started',
    why: `expected the job 1 of ${HOST} to start, got expected a secret in ssm:/other, but got none`,
  });
  expect(asked).toHaveLength(3);
});

test('the token goes to no address without https', async () => {
  const { restarter, asked } = await aWorkspace();
  const handle = JSON.stringify({ kind: 'databricks', host: 'http://127.0.0.1', token: 'ssm:/databricks', run: '1' });
  expect(await restarter.stop(handle)).toMatchObject({
    state: 'not_stopped',
    why: expect.stringContaining('https://'),
  });
  expect(asked).toEqual([]);
});
