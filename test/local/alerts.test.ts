import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type LedgerOptions, openLedger } from '../../local/ledger.ts';
import { aReceiver } from '../adapters/webhook/receiver.ts';

let dir: string;
const notices: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-alerts-'));
  notices.length = 0;
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = () => join(dir, 'pipelines.yaml');
const open = (options: Partial<LedgerOptions> = {}) =>
  openLedger({ dir, alerting: { file: file() }, onNotice: (text) => notices.push(text), ...options });
const lines = (...events: readonly object[]) => [Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'))];

/** A run of now that ended so. */
function aRun(run_id: string, status: string, more: object = {}) {
  const at = new Date().toISOString();
  return lines({
    process_name: 'orders',
    run_id,
    event_type: 'RUN_END',
    status,
    event_time: at,
    end_time: at,
    ...more,
  });
}

test('a failed run is one incident, told once, and a later good run resolves it', async () => {
  const ledger = await open();
  await ledger.send(
    aRun('a', 'FAILED', { error_code: 'D101', start_time: new Date(Date.now() - 60_000).toISOString() }),
  );
  expect(await ledger.alerts.incidents({ limit: 10 })).toMatchObject([
    { process_name: 'orders', status: 'open', slot: 'run a' },
  ]);
  await ledger.send(aRun('b', 'SUCCESS', { start_time: new Date(Date.now() - 1_000).toISOString() }));
  expect(await ledger.alerts.incidents({ limit: 10 })).toMatchObject([{ status: 'resolved' }]);
  await ledger.close();
  expect(notices.filter((text) => /^\[P/.test(text))).toEqual([
    '[P2] opened: orders failed: D101 (local)',
    expect.stringMatching(/^\[P2\] resolved: orders: over after /),
  ]);
});

test('each change is posted once on each of its routes, signed, with the advice for its error', async () => {
  const receiver = await aReceiver();
  writeFileSync(join(dir, 'hook.secret'), `${receiver.url}/hook\n`);
  writeFileSync(join(dir, 'slack.secret'), `${receiver.url}/slack\n`);
  writeFileSync(join(dir, 'key.secret'), 'a key\n');
  writeFileSync(
    file(),
    `version: 1
defaults: { routes: [ops] }
routes:
  ops: { webhook: { url: file:hook.secret, secret: file:key.secret } }
  page: { slack: { url: file:slack.secret }, severities: [P1] }
pipelines:
  orders: { severity: high }
`,
  );
  const ledger = await open();
  await ledger.alerts.incidents({ limit: 10 });
  const before = (ms: number) => ({ start_time: new Date(Date.now() - ms).toISOString() });
  await ledger.send(aRun('a', 'FAILED', { ...before(60_000), error_code: 'D201' }));
  await ledger.alerts.incidents({ limit: 10 });
  await ledger.send(aRun('b', 'SUCCESS', before(1_000)));
  await ledger.alerts.incidents({ limit: 10 });
  await ledger.close();
  const [hooks, slacks] = ['/hook', '/slack'].map((path) =>
    receiver.received.filter((each) => each.path === path).map(({ body }) => JSON.parse(body)),
  );
  expect(hooks?.map(({ type }) => type)).toEqual(['runledger.incident.opened', 'runledger.incident.resolved']);
  expect(hooks?.[0].data).toMatchObject({ pipeline: 'orders', status: 'open', severity: 'P1', run_ids: ['a'] });
  expect(hooks?.[0].data.lines).toContainEqual(expect.stringContaining('look for a changed producer'));
  expect(receiver.received[0]?.headers['webhook-signature']).toMatch(/^v1,/);
  expect(slacks).toMatchObject([{ text: '[P1] orders failed: D201' }, { text: expect.stringContaining('over after') }]);
});

test('incidents and what people decided outlive a rebuild, which tells nobody', async () => {
  const ledger = await open();
  await ledger.send(aRun('a', 'FAILED'));
  const [incident] = await ledger.alerts.incidents({ limit: 10 });
  await ledger.alerts.decide({ id: incident?.id ?? '', decision: 'acknowledge', who: 'ada' });
  const told = notices.length;
  await ledger.rebuild({ verify: false });
  expect(await ledger.alerts.incidents({ limit: 10 })).toMatchObject([
    { status: 'acknowledged', acknowledged_by: 'ada' },
  ]);
  expect(notices.slice(told).filter((text) => text.includes('opened'))).toEqual([]);
  await ledger.close();
});

test('what a ledger missed while it was closed is found when it opens', async () => {
  writeFileSync(file(), 'version: 1\npipelines: { orders: { freshness: 1s } }\n');
  const first = await open();
  await first.alerts.incidents({ limit: 10 });
  await first.close();
  const second = await open();
  await expect
    .poll(() => second.alerts.incidents({ limit: 10 }), { timeout: 30_000 })
    .toMatchObject([{ slot: 'STALE', process_name: 'orders' }]);
  await second.close();
});

test('a file with a problem changes nothing and is told of, with its place', async () => {
  writeFileSync(file(), 'version: 1\npipelines: { orders: { shedule: {} } }\n');
  const ledger = await open();
  await ledger.alerts.incidents({ limit: 10 });
  expect(await ledger.alerts.pipelines()).toBeUndefined();
  await ledger.close();
  expect(notices.join('\n')).toContain('pipelines.yaml:2:24 pipelines.orders.shedule: expected a known name');
});

test('a ledger that is opened for one command judges nothing; the next one that is served does', async () => {
  const ledger = await open({ alerting: undefined });
  await ledger.send(aRun('a', 'FAILED'));
  expect(await ledger.alerts.incidents({ limit: 10 })).toEqual([]);
  await ledger.close();
  const served = await open();
  expect(await served.alerts.incidents({ limit: 10 })).toMatchObject([{ slot: 'run a', status: 'open' }]);
  await served.close();
});

test('a burst of rejections is an incident of the ledger itself', async () => {
  const ledger = await open();
  await ledger.send([Buffer.from(Array.from({ length: 150 }, (_, at) => `no event ${at}`).join('\n'))]);
  const found = await ledger.alerts.incidents({ limit: 10 });
  await ledger.close();
  expect(found).toMatchObject([
    { process_name: 'runledger', slot: 'LEDGER rejections', status: 'open', severity: 'P2' },
  ]);
  expect(notices.filter((text) => /^\[P/.test(text))).toEqual([
    expect.stringMatching(/^\[P2\] opened: runledger rejected 150 of the 150 lines of the last hour/),
  ]);
});

test('starts and successes are told where the file asks for it, once', async () => {
  writeFileSync(file(), 'version: 1\npipelines: { orders: { notify: { on_start: true, on_success: true } } }\n');
  const ledger = await open();
  await ledger.alerts.incidents({ limit: 1 });
  await ledger.send(aRun('a', 'SUCCESS', { start_time: new Date(Date.now() - 60_000).toISOString(), records_out: 7 }));
  expect(await ledger.alerts.incidents({ limit: 10 })).toEqual([]);
  await ledger.close();
  const told = notices.filter((text) => /^\[P|^ *It/.test(text));
  expect(told).toEqual([
    '[P3] started: orders started, run a (local)',
    '[P3] succeeded: orders succeeded, run a (local)',
    expect.stringMatching(/It took 1 min.*, wrote 7 records/),
  ]);
});

test('the store of incidents may be deleted: what was found, decided and told comes back from the log', async () => {
  const first = await open();
  await first.send(aRun('a', 'FAILED'));
  await first.send(aRun('b', 'FAILED'));
  // Both may have been found in one millisecond.
  const bySlot = async ({ alerts }: typeof first) =>
    (await alerts.incidents({ limit: 10 })).toSorted((a, b) => (a.slot < b.slot ? -1 : 1));
  const [one, two] = await bySlot(first);
  await first.alerts.decide({ id: one?.id ?? '', decision: 'acknowledge', who: 'ada', why: 'on it' });
  await first.alerts.decide({ id: two?.id ?? '', decision: 'resolve', who: 'ada', why: 'loaded by hand' });
  const before = await bySlot(first);
  await first.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `alerts.sqlite${suffix}`), { force: true });
  const told = notices.length;
  const second = await open();
  const after = await bySlot(second);
  await second.close();
  expect(after).toEqual(before);
  expect(after.map(({ status, acknowledged_by, resolution }) => [status, acknowledged_by, resolution])).toEqual([
    ['acknowledged', 'ada', undefined],
    ['resolved', undefined, 'ada: loaded by hand'],
  ]);
  expect(notices.slice(told)).toEqual(['the store of incidents was missing: 2 incidents came back from the log']);
});

test('secrets in files lie beside the file of pipelines', async () => {
  const receiver = await aReceiver();
  const folder = mkdtempSync(join(tmpdir(), 'runledger-config-'));
  writeFileSync(join(folder, 'hook.secret'), `${receiver.url}/hook\n`);
  writeFileSync(
    join(folder, 'pipelines.yaml'),
    'version: 1\nroutes: { ops: { webhook: { url: file:hook.secret } }, mail: { email: {} }, page: { pagerduty: { routing_key: ssm:/key } } }\n',
  );
  const ledger = await open({ alerting: { file: join(folder, 'pipelines.yaml') } });
  await ledger.alerts.incidents({ limit: 10 });
  await ledger.send(aRun('a', 'FAILED'));
  await ledger.alerts.incidents({ limit: 10 });
  await ledger.close();
  rmSync(folder, { recursive: true });
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook']);
  expect(notices.filter((text) => text.includes('works in an AWS account only'))).toEqual([
    'a route to email works in an AWS account only; it is told here instead:',
    'a route to pagerduty with a secret of AWS works in an AWS account only; it is told here instead:',
  ]);
});

test('the ledger tells a monitor outside that it lives, as often as the file says', async () => {
  const monitor = await aReceiver();
  writeFileSync(join(dir, 'beat.secret'), `${monitor.url}/ping\n`);
  writeFileSync(file(), 'version: 1\nledger: { heartbeat: { url: file:beat.secret, every: 1h } }\n');
  const ledger = await open();
  await ledger.alerts.incidents({ limit: 1 });
  await ledger.alerts.incidents({ limit: 1 });
  await ledger.close();
  expect(monitor.received.map(({ path }) => path)).toEqual(['/ping']);
});
