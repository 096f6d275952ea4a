import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { systemClock } from '../../../adapters/clock.ts';
import { viewOf } from '../../../core/run/run-view.ts';
import { secretOf } from '../../../core/token/named-token.ts';
import { buildCommandLine, commandLine } from '../command-line.ts';
import { signInWith } from '../sign-in.ts';
import { until } from './functions.ts';
import { aToken, httpApiUrl, tokensOf } from './http-api.ts';
import { openLedger } from './ledger.ts';

const ledger = openLedger();
const tokens = tokensOf(ledger);
const api = httpApiUrl();
const NAME = `over-http-${Date.now()}`;

const ask = (path: string, token: string | undefined, init: RequestInit = {}) =>
  fetch(`${api}${path}`, { ...init, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
const runsOf = async (process_name: string) =>
  (await ledger.live.listRuns({ process_name, limit: 10 })).map((run) => viewOf(run).run);

let writer = '';
beforeAll(async () => {
  writer = await aToken(ledger, `${NAME}-writer`, 'write');
});
afterAll(() => ledger.live.close());

test('pings without a run id become one run, with what was written last', async () => {
  const pipeline = `${NAME}-pinged`;
  const started = await ask(`/ping/${pipeline}/start`, writer);
  expect(started.status).toBe(200);
  const [, run_id] = (await started.text()).trim().split(' ');
  const ended = await ask(`/ping/${pipeline}/3`, writer, { method: 'POST', body: 'no space left on device\n' });
  expect(await ended.text()).toBe(`OK ${run_id}\n`);
  const [run] = await until(
    'the pinged run has ended',
    () => runsOf(pipeline),
    (runs) => runs[0]?.status === 'FAILED',
  );
  expect(run).toMatchObject({ run_id, error_message: 'no space left on device', environment: 'prod' });
});

test('two pings that end runs at once end two', async () => {
  const pipeline = `${NAME}-twice`;
  const starts = await Promise.all([1, 2].map(async () => (await ask(`/ping/${pipeline}/start`, writer)).text()));
  const ends = await Promise.all([1, 2].map(async () => (await ask(`/ping/${pipeline}`, writer)).text()));
  expect(ends.sort()).toEqual(starts.sort());
});

test('a ping joins a run that another producer began, and HEAD is a ping too', async () => {
  const pipeline = `${NAME}-joined`;
  await ledger.send([
    JSON.stringify({
      process_name: pipeline,
      run_id: 'of-sdk',
      event_type: 'RUN_START',
      event_time: systemClock.now(),
    }),
  ]);
  await until(
    'the run is live',
    () => runsOf(pipeline),
    (runs) => runs.length === 1,
  );
  expect((await ask(`/ping/${pipeline}`, writer, { method: 'HEAD' })).status).toBe(200);
  const [run] = await until(
    'the joined run has ended',
    () => runsOf(pipeline),
    (runs) => runs[0]?.status === 'SUCCESS',
  );
  expect(run?.run_id).toBe('of-sdk');
});

test('events over HTTP become runs, and what is wrong with the others is said at once', async () => {
  const pipeline = `${NAME}-events`;
  const events = ['RUN_START', 'RUN_END'].map((event_type, at) =>
    JSON.stringify({
      ...{ process_name: pipeline, run_id: 'one', event_type, event_time: `2026-11-0${at + 1}T12:00:00.000Z` },
      ...(event_type === 'RUN_END' ? { status: 'SUCCESS' } : {}),
    }),
  );
  const body = [...events, JSON.stringify({ process_name: pipeline }), ''].join('\n');
  const answer = await ask('/events', writer, { method: 'POST', body });
  expect([answer.status, await answer.json()]).toEqual([
    200,
    {
      received: 3,
      accepted: 2,
      rejected: 1,
      reasons: [expect.objectContaining({ line: 3, kind: 'missing_identity' })],
    },
  ]);
  await until(
    'the run has ended',
    () => runsOf(pipeline),
    (runs) => runs[0]?.status === 'SUCCESS',
  );
  const refused = await ask('/events', writer, { method: 'POST', body: '{"a":1}' });
  expect(refused.status).toBe(422);
});

test('who has no token that holds is let in nowhere, and a role opens what it is for', async () => {
  expect((await ask('/events', undefined, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await ask('/ping/x', secretOf('nobody', 'a'.repeat(43)))).status).toBe(401);
  const reader = await aToken(ledger, `${NAME}-reader`, 'read');
  const health = await ask('/health', reader);
  expect([health.status, await health.json()]).toEqual([200, expect.objectContaining({ status: 'ok' })]);
  const forbidden = await ask('/events', reader, { method: 'POST', body: '{}' });
  expect([forbidden.status, await forbidden.text()]).toEqual([
    403,
    expect.stringContaining('a token that may send events'),
  ]);
  expect((await ask('/health', writer)).status).toBe(403);
  expect((await ask('/nowhere', writer)).status).toBe(404);

  await tokens.revoke(`${NAME}-reader`, { at: systemClock.now(), who: 'ada' });
  expect((await ask('/health', reader)).status).toBe(401);
});

test('who has the policy of tokens keeps them with the command line, and nobody else does', async () => {
  await buildCommandLine();
  const cli = commandLine(ledger.outputs.WorkgroupName);
  const awsUrl = inject('awsUrl');
  const keeper = await signInWith(awsUrl, ledger.outputs.TokensPolicyArn);
  // The emulator knows no leading keys, which are what keeps an operator from it: a reader may not write at all.
  const reader = await signInWith(awsUrl, ledger.outputs.ReaderPolicyArn);
  const name = `${NAME}-by-cli`;
  const refused = await cli(reader, 'token', 'create', name, '--role', 'write');
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('(TokensPolicyArn)') });
  const created = await cli(keeper, 'token', 'create', name, '--role', 'write', '--who', 'ada');
  expect(created).toMatchObject({ code: 0, out: expect.stringMatching(new RegExp(`^rl_${name}_Rl7`)) });
  const secret = created.out.trim();
  expect((await ask(`/ping/${name}/start`, secret)).status).toBe(200);
  expect((await cli(keeper, 'token', 'revoke', name, '--who', 'grace')).code).toBe(0);
  expect((await ask(`/ping/${name}`, secret)).status).toBe(401);
  const { out } = await cli(keeper, 'token', 'list', '--all', '--json');
  expect(JSON.parse(out)).toContainEqual(
    expect.objectContaining({ name, roles: ['write'], created_by: 'ada', revoked_by: 'grace' }),
  );
  expect(out).not.toContain(secret);
});
