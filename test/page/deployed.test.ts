import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../adapters/clock.ts';
import { pageFolder, readPage } from '../../adapters/http/page.ts';
import { type Serving, serve } from '../../adapters/http/serve.ts';
import { pageApp } from '../../aws/page.ts';
import { ANSWER_LIMITS } from '../../core/ports/answer-engine.ts';
import { type OpenLedger, openLedger } from '../../local/ledger.ts';
import { aBrowser, overflow, screenshot, seriousFindings, settled } from './browser.ts';
import { HOSTILE } from './seed.ts';

/** The page of a deployed ledger, over the live store and the tables of a folder: what it asks is counted, and billed. */
const { open } = aBrowser();
const TOKEN = 'a-token-that-nobody-guesses-in-a-test';
const asked: { sql: string; asOf: string }[] = [];
const folder = mkdtempSync(join(tmpdir(), 'runledger-deployed-'));
let ledger: OpenLedger;
let serving: Serving;
let isSlow = false;

beforeAll(async () => {
  ledger = await openLedger({ dir: folder });
  const now = Date.now();
  const event = (process_name: string, run_id: string, event_type: string, at: number, more = {}) =>
    JSON.stringify({ process_name, run_id, event_type, event_time: new Date(at).toISOString(), ...more });
  const lines = ['orders', 'customers', HOSTILE].flatMap((name, at) => [
    event(name, `run-${at}`, 'RUN_START', now - 60_000),
    event(name, `run-${at}`, 'RUN_END', now - 30_000, { status: at === 0 ? 'FAILED' : 'SUCCESS', owner: 'crm' }),
  ]);
  await ledger.send([Buffer.from(lines.join('\n'))]);
  await ledger.settle();
  const { summary, settle: _settle, inspect: _inspect, recovery: _recovery, ...rest } = ledger;
  const app = pageApp(
    {
      ledger: rest,
      live: {
        summary,
        countOpenRuns: async () => ({ open_runs: 0, lost_runs: 0 }),
      },
      answers: {
        answer: async (sql, asOf) => {
          if (isSlow) {
            isSlow = false;
            return { state: 'under way', scanned_bytes: 1, elapsed_ms: 1 };
          }
          asked.push({ sql, asOf });
          return { ...(await ledger.query(sql)), scanned_bytes: 34_000_000 };
        },
      },
      page: readPage(pageFolder()),
      clock: systemClock,
    },
    {
      ...{ token: TOKEN, clock: systemClock, where: 'stack runledger-prod in eu-west-1', sign_in: 'cookie' },
      ...{ bucket: 'lake', scanLimitBytes: 100e9, limits: { ...ANSWER_LIMITS, waitMs: 1_000 }, allowedHosts: [] },
    },
  );
  serving = await serve(app, { host: '127.0.0.1', port: 0, needsToken: true });
});
afterAll(async () => {
  await serving.close({ timeoutMs: 1_000 });
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const visit = (path: string, options = {}) => open(`${path}#token=${TOKEN}`, options, serving.url);

test('the address signs its reader in, and keeps no token', async () => {
  const { page, context, problems } = await visit('/');
  await settled(page);
  expect(page.url()).toBe(`${serving.url}/`);
  await page.getByText('Every 30 s, data of').waitFor();
  const [cookie] = await context.cookies();
  expect([cookie?.httpOnly, cookie?.sameSite]).toEqual([true, 'Strict']);
  await screenshot(page, 'deployed-today');
  // No stream of changes is asked for, and nothing that is billed.
  expect([problems, asked]).toEqual([[], []]);
  expect(await seriousFindings(page)).toEqual([]);
});

test('who has no token sees the form, and a wrong one in the address is no way in', async () => {
  const { page } = await open('/#token=wrong', {}, serving.url);
  await page.getByLabel('Token').waitFor();
  expect(page.url()).toBe(`${serving.url}/`);
});

test('runs and the search are of the live table, and cost nothing', async () => {
  const { page } = await visit('/runs?status=FAILED,TIMED_OUT,LOST');
  await page.getByText('1 of the latest runs, as they are now').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('custom');
  await page.getByRole('option', { name: /customers/ }).waitFor();
  expect(asked).toEqual([]);
});

test('history is asked at a click, with what it may cost before and what it cost after, and kept', async () => {
  const { page, problems } = await visit('/pipelines', { viewport: { width: 360, height: 740 } });
  await page.getByText('2 parts of this view are history, which Athena reads.').waitFor();
  await page.getByText(/\$5 for each terabyte.*is stopped/).waitFor();
  expect([asked.length, await overflow(page), await seriousFindings(page)]).toEqual([0, 0, []]);
  await screenshot(page, 'deployed-pipelines-asks');
  isSlow = true;
  await page.getByRole('button', { name: 'Ask Athena' }).click();
  await page.getByText('Athena read 64.8 MB for it, about $0.0003').waitFor();
  await page.getByRole('link', { name: 'customers' }).first().waitFor();
  await screenshot(page, 'deployed-pipelines');
  expect(asked).toHaveLength(2);

  await page.goto(`${serving.url}/`);
  await settled(page);
  await page.goto(`${serving.url}/pipelines`);
  await page.getByText('Athena read 64.8 MB for it').waitFor();
  // Asked as of the same moment, which reads nothing.
  expect([asked.length, new Set(asked.map(({ sql, asOf }) => sql + asOf)).size]).toEqual([4, 2]);
  expect(problems).toEqual([]);
});

test('SQL of an address waits for its reader, and the next question knows what the last one read', async () => {
  asked.length = 0;
  const { page } = await visit('/ask?sql=select+count(*)+as+runs+from+current_runs');
  await page.getByRole('button', { name: 'Ask Athena' }).click();
  await page.getByRole('cell', { name: '3' }).waitFor();
  expect(asked).toMatchObject([{ sql: 'select count(*) as runs from current_runs' }]);
  await page.getByLabel('SQL').fill('select 7 as n');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByText('Last time it read 32.4 MB').waitFor();
  expect(asked).toHaveLength(1);
});

test('how the ledger is, is told as far as it is known', async () => {
  const { page } = await visit('/ledger');
  await page.getByRole('heading', { name: 'The stack runledger-prod in eu-west-1' }).waitFor();
  await page.getByText('s3://lake').waitFor();
});

test('the page says what it may load', () => {
  expect(readFileSync(join(pageFolder(), 'index.html'), 'utf8')).not.toMatch(/https?:/);
});
