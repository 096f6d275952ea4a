import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { openTokenFiles } from '../../adapters/file-system/token-files.ts';
import { remoteLedger } from '../../adapters/http/client.ts';
import { tokenSecrets } from '../../adapters/token-secrets.ts';
import { recordedTokens } from '../../local/recorded-tokens.ts';
import { type RunningServer, startServer } from '../../local/server.ts';
import { questionText } from '../../sql/questions.ts';

let dir: string;
let server: RunningServer;
const start = async () => {
  server = await startServer({
    ...{ dir, host: '127.0.0.1', port: 0, alerting: { file: join(dir, 'pipelines.yaml') } },
    onAlert: () => undefined,
  });
};
const MARK = 'printf started > started.txt';
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'runledger-audit-'));
  const file = `version: 1
pipelines:
  orders: { restart: { command: { run: ["sh", "-c", "${MARK}"] } }, idempotent: merge }
`;
  writeFileSync(join(dir, 'pipelines.yaml'), file);
  await start();
});
afterEach(async () => {
  await server.close();
  rmSync(dir, { recursive: true, force: true });
});

const now = () => systemClock.now();
const ledger = () => remoteLedger({ url: server.url });
const send = (...events: readonly object[]) =>
  ledger().send([new TextEncoder().encode(events.map((event) => `${JSON.stringify(event)}\n`).join(''))]);
async function audited(given: Readonly<Record<string, string>> = {}): Promise<readonly Record<string, unknown>[]> {
  const { columns, rows } = await ledger().query(questionText('audit', { until: '2100-01-01', ...given }, now()));
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at]])));
}

test('who did what, each act once and with the record that it left', { timeout: 60_000 }, async () => {
  const run = { process_name: 'orders', environment: 'local', run_id: 'r1' };
  await send(
    { ...run, event_type: 'RUN_END', status: 'FAILED', error: { error_code: 'D201', message: 'no' } },
    { no: 1 },
  );
  const { alerts, recovery } = ledger();
  await expect.poll(async () => (await alerts.incidents({ limit: 5 })).length, { timeout: 30_000 }).toBe(1);
  const [incident] = await alerts.incidents({ limit: 1 });
  const id = incident?.id ?? '';
  await alerts.decide({ id, decision: 'acknowledge', who: 'anna' });
  await alerts.decide({ id, decision: 'resolve', who: 'ben', why: 'the source is back' });
  const silence = { id: 's1', pattern: 'orders*', from: now(), until: '2100-01-01T00:00:00.000Z' };
  await alerts.silence({ ...silence, who: 'anna', why: 'moving "it"' });
  expect(await alerts.endSilence('s1', 'ben')).toBe(true);
  expect(await alerts.endSilence('s1', 'ben'), 'it has ended').toBe(false);
  const orders = { environment: 'local', process_name: 'orders' };
  await recovery.setWatermark({ ...orders, data_until: now(), who: 'anna', why: 'by hand' });
  await recovery.replay({ ...run, new_run_id: 'r2', params: {}, who: 'anna' });
  const rejected = (await ledger().query('select rejection_key from rejections')).rows[0]?.[0];
  await ledger().dismiss({ keys: [String(rejected)], reason: 'a test', who: 'ben' });
  const text = readFileSync(join(dir, 'pipelines.yaml'), 'utf8');
  for (const who of ['anna', 'ben']) await alerts.applyPipelines(`${text}  mart: {}\n`, who);

  const acts = await audited();
  const told = acts.map(({ kind, who, target }) => [kind, who, target].join(' '));
  expect(told.toSorted()).toEqual(
    [
      `acknowledge anna ${id}`,
      'apply_pipelines  settings/pipelines.json',
      'apply_pipelines anna settings/pipelines.json',
      `dismiss ben ${rejected}`,
      'end_silence ben orders*',
      'replay anna r2',
      `resolve ben ${id}`,
      'set_watermark anna orders',
      'silence anna orders*',
    ].toSorted(),
  );
  for (const { object } of acts) expect(readFileSync(join(dir, String(object)), 'utf8')).not.toBe('');
  expect(acts.map(({ acted_at }) => acted_at)).toEqual(
    acts
      .map(({ acted_at }) => acted_at)
      .toSorted()
      .toReversed(),
  );
  expect((await audited({ who: 'ben', kind: 'resolve' })).map(({ why }) => why)).toEqual(['the source is back']);

  // The file on disk is what was applied last.
  writeFileSync(join(dir, 'pipelines.yaml'), `${text}  mart: {}\n`);
  await server.close();
  await start();
  expect(
    (await audited()).map(({ kind, who, target }) => [kind, who, target].join(' ')),
    'after a start',
  ).toEqual(told);
});

test('a token that is made and ended while the ledger is served is in the answer of the next question', async () => {
  const onError = (error: unknown) => expect.fail(String(error));
  const tokens = recordedTokens(
    openTokenFiles({ dir, clock: systemClock, secrets: tokenSecrets, onError }),
    dir,
    systemClock,
  );
  const token = { name: 'cron', roles: ['write' as const], created_at: now(), expires_at: null, created_by: 'anna' };
  await tokens.create(token, 'runledger_cron_secret');
  await tokens.revoke('cron', { at: now(), who: 'ben' });
  const { rows } = await server.ledger.query(
    "select kind, who, target from audit_log where kind like '%token' order by acted_at, kind",
  );
  expect(rows).toEqual([
    ['create_token', 'anna', 'cron'],
    ['revoke_token', 'ben', 'cron'],
  ]);
});
