import { expect, onTestFinished, test } from 'vitest';
import { openPingNotes } from '../../adapters/dynamodb/ping-notes.ts';
import { openTokenStore } from '../../adapters/dynamodb/token-store.ts';
import { openLiveStore } from '../../adapters/sqlite/live-store.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import { openHttpApi } from '../../aws/http-api.ts';
import { PIPELINES_KEY } from '../../core/object-keys.ts';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';
import { LineTooLongError, OverloadedError } from '../../core/ports/event-sink.ts';
import { foldRuns } from '../../core/run/run-fold.ts';
import { secretOf } from '../../core/token/named-token.ts';
import type { Role } from '../../core/token/role.ts';
import { acceptRecords } from '../../flows/accept.ts';
import { trackRuns } from '../../flows/track.ts';
import { aTable } from '../adapters/dynamodb/a-table.ts';
import { aClock } from '../fakes/clock.ts';
import { aStore } from '../fakes/object-store.ts';
import { aReport, settings } from '../lambdas/fakes.ts';

/** The app as API Gateway asks it, over a table in memory. What is sent is tracked only by `track`. */
async function anApi() {
  const clock = aClock('2025-11-03T12:00:00.000Z');
  const table = aTable();
  const live = openLiveStore(':memory:');
  onTestFinished(() => live.close());
  const tokens = openTokenStore({ ...table, secrets: tokenSecrets });
  for (const role of ['write', 'read'] as const) {
    await tokens.create({ name: role, roles: [role], created_at: clock.now(), expires_at: null }, secretFor(role));
  }
  await tokens.create(
    { name: 'limited', roles: ['write'], created_at: clock.now(), expires_at: null, ...LIMITS },
    secretFor('limited'),
  );
  const store = aStore();
  const sent: string[] = [];
  const failures: Error[] = [];
  let made = 0;
  const report = aReport();
  const api = openHttpApi({
    sink: {
      send: async (records) => {
        const failure = failures.shift();
        if (failure !== undefined) throw failure;
        sent.push(...records.map((each) => Buffer.from(each).toString('utf8')));
        return { received: 1, accepted: 1, rejected: 0 };
      },
    },
    ...{ settings, tokens, clock, live, store, report, notes: openPingNotes({ ...table, clock }), environment: 'prod' },
    newRunId: () => `new-${++made}`,
  });
  const ask = async (
    method: string,
    path: string,
    { body, role = 'write' }: { body?: string; role?: Role | 'limited' | null } = {},
  ) => {
    clock.pass(1000);
    const headers = {
      host: 'x.execute-api.eu-west-1.amazonaws.com',
      ...(role && { authorization: `Bearer ${secretFor(role)}` }),
    };
    const answer = await api(anEvent(method, path, headers, body) as Parameters<typeof api>[0]);
    return { status: answer.statusCode, body: answer.body, headers: answer.headers };
  };
  const track = async (lines: readonly string[]): Promise<void> => {
    const { events } = acceptRecords([Buffer.from(lines.join('\n'))], clock.now(), settings);
    await trackRuns(live, foldRuns(events));
  };
  return { ask, sent, track, failures, tokens, report, clock, store };
}
const LIMITS = { owners: ['team-a'], environments: ['prod'] };
const secretFor = (role: Role | 'limited'): string => secretOf(role, role.charAt(0).repeat(43));

/** What API Gateway passes to a function (payload format 2.0). */
const anEvent = (method: string, path: string, headers: object, body?: string) => ({
  ...{ version: '2.0', routeKey: '$default', rawPath: path.split('?')[0], rawQueryString: path.split('?')[1] ?? '' },
  headers,
  requestContext: {
    ...{ apiId: 'x', domainName: 'x.execute-api.eu-west-1.amazonaws.com', stage: '$default', requestId: 'r' },
    http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'curl/8' },
  },
  ...(body === undefined
    ? { isBase64Encoded: false }
    : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true }),
});

test('a run is started and ended by pings, before any of it was tracked', async () => {
  const { ask, sent } = await anApi();
  expect(await ask('GET', '/ping/orders/start')).toMatchObject({ status: 200, body: 'OK new-1\n' });
  expect(await ask('POST', '/ping/orders/7', { body: 'disk full' })).toMatchObject({ body: 'OK new-1\n' });
  expect(await ask('HEAD', '/ping/orders')).toMatchObject({ status: 200 });
  expect(sent.map((line) => JSON.parse(line))).toMatchObject([
    { process_name: 'orders', run_id: 'new-1', event_type: 'RUN_START' },
    { run_id: 'new-1', event_type: 'RUN_END', status: 'FAILED', exit_code: 7, message: 'disk full' },
    { run_id: expect.stringMatching(/^new-/), event_type: 'RUN_END', status: 'SUCCESS' },
  ]);
});

test('pings that end runs at the same time end as many', async () => {
  const { ask } = await anApi();
  const began = [await ask('GET', '/ping/orders/start'), await ask('GET', '/ping/orders/start')];
  const ended = await Promise.all([ask('GET', '/ping/orders'), ask('GET', '/ping/orders')]);
  expect(ended.map(({ body }) => body).sort()).toEqual(began.map(({ body }) => body).sort());
});

test('a run that another producer began is joined once it is live, in its environment alone', async () => {
  const { ask, track, clock } = await anApi();
  const start = { process_name: 'orders', run_id: 'sdk', event_type: 'RUN_START', event_time: clock.now() };
  await track([JSON.stringify(start), JSON.stringify({ ...start, run_id: 'other', environment: 'test' })]);
  expect(await ask('GET', '/ping/orders')).toMatchObject({ body: 'OK sdk\n' });
  expect((await ask('GET', '/ping/orders')).body).not.toBe('OK sdk\n');
  expect(await ask('GET', '/ping/orders?env=test')).toMatchObject({ body: 'OK other\n' });
});

test('a ping that the stream did not take ends nothing: the next try ends the same run', async () => {
  const { ask, failures, report } = await anApi();
  await ask('GET', '/ping/orders/start');
  failures.push(new OverloadedError('Slow down.'));
  expect(await ask('GET', '/ping/orders')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  failures.push(new Error('the stream is gone'));
  expect(await ask('GET', '/ping/orders')).toMatchObject({ status: 500 });
  expect(report.lines).toMatchObject([
    { counts: { request: 'GET /ping/orders' }, errors: [{ message: 'the stream is gone' }] },
  ]);
  expect(await ask('GET', '/ping/orders')).toMatchObject({ status: 200, body: 'OK new-1\n' });
});

test('what accept will find is answered at once, and every line is sent, so that rejections are kept', async () => {
  const { ask, sent } = await anApi();
  const good = '{"process_name":"a","run_id":"1","event_type":"RUN_START"}';
  const mixed = await ask('POST', '/events', { body: `${good}\nnot json\n` });
  expect([mixed.status, JSON.parse(mixed.body)]).toEqual([
    200,
    { received: 2, accepted: 1, rejected: 1, reasons: [expect.objectContaining({ line: 2, kind: 'not_json' })] },
  ]);
  expect((await ask('POST', '/events', { body: 'not json' })).status).toBe(422);
  expect(sent).toEqual([`${good}\nnot json\n`, 'not json']);
});

test('a line that the stream cannot carry is too large, and is no failure of the ledger', async () => {
  const { ask, failures, report } = await anApi();
  failures.push(new LineTooLongError('expected lines of at most 1024000 bytes'));
  const answer = await ask('POST', '/events', { body: '{"process_name":"a","run_id":"1","event_type":"RUN_START"}' });
  expect([answer.status, JSON.parse(answer.body).error.code]).toEqual([413, 'too_large']);
  expect(report.lines).toEqual([]);
});

test('nobody is let in without a token that holds, and a role opens its routes alone', async () => {
  const { ask, tokens, sent, clock } = await anApi();
  expect((await ask('GET', '/ping/orders', { role: null })).status).toBe(401);
  expect((await ask('GET', '/ping/orders', { role: 'operate' })).status).toBe(401);
  expect((await ask('GET', '/ping/orders', { role: 'read' })).status).toBe(403);
  expect((await ask('GET', '/health')).status).toBe(403);
  expect(JSON.parse((await ask('GET', '/health', { role: 'read' })).body)).toMatchObject({
    status: 'ok',
    environment: 'prod',
  });
  await tokens.revoke('write', { at: clock.now(), who: 'ada' });
  expect((await ask('GET', '/ping/orders')).status).toBe(401);
  expect(sent).toEqual([]);
});

test('what it has no ports for is no route, and what there is is named', async () => {
  const { ask } = await anApi();
  const absent = await ask('GET', '/query?sql=select+1', { role: 'read' });
  expect([absent.status, JSON.parse(absent.body).error.message]).toEqual([
    404,
    'there is no /query here; there are POST /, POST /events[?partial], GET|POST /ping/NAME[/start|/success|/fail|/log|/EXIT_CODE], GET /health',
  ]);
});

test('a token that is limited sends events and pings of its owners and environments alone', async () => {
  const { ask, sent, track, store, clock } = await anApi();
  const event = { process_name: 'orders', run_id: '1', event_type: 'RUN_START', event_time: clock.now() };
  await track([JSON.stringify({ ...event, process_name: 'theirs', owner: 'team-b' })]);
  const { expectations } = readPipelines('version: 1\npipelines: { filed: { owner: team-b } }', {
    datesOf: () => undefined,
  });
  await store.put(PIPELINES_KEY, JSON.stringify({ applied_at: clock.now(), text: '', expectations }));
  const as = (change: object) =>
    ask('POST', '/events', { role: 'limited', body: JSON.stringify({ ...event, ...change }) });
  for (const refused of [
    { environment: 'test' },
    { tags: { env: 'test' } },
    { owner: 'team-b' },
    { process_name: 'theirs' },
    { process_name: 'theirs', owner: 'team-a' },
    { process_name: 'filed', owner: 'team-a' },
  ])
    expect([refused, (await as(refused)).status]).toEqual([refused, 403]);
  expect((await ask('GET', '/ping/theirs/start', { role: 'limited' })).status).toBe(403);
  expect((await ask('GET', '/ping/orders/start?env=test', { role: 'limited' })).status).toBe(403);
  expect(sent).toEqual([]);

  expect((await as({})).status).toBe(200);
  expect((await ask('GET', '/ping/orders/start', { role: 'limited' })).status).toBe(200);
  expect(sent.map((line) => JSON.parse(line))).toMatchObject([
    { process_name: 'orders', run_id: '1', owner: 'team-a' },
    { process_name: 'orders', run_id: 'new-1', owner: 'team-a' },
  ]);
});
