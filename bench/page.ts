import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { serveLedger } from './serve-ledger.ts';
import { launchBrowser, OBSERVE, VISIT_HEAD, visitsShown } from './visits.ts';

/**
 * How long a person waits at the page of a ledger that has kept many runs. RUNS=100000 by default, of 100 pipelines over a
 * year; VISITS=10 of each view. Then LIVE_SECONDS=20 of 500 events a second under an open page. Needs Chromium.
 */
const RUNS = Number(process.env.RUNS ?? 100_000);
const VISITS = Number(process.env.VISITS ?? 10);
const LIVE_SECONDS = Number(process.env.LIVE_SECONDS ?? 20);
const PIPELINES = 100;
const RUNS_PER_CALL = 500;
const YEAR_MS = 365 * 86_400_000;
const now = Date.now();

/** What this page asks for its data, and how it shows that they have come. */
const OWN = { isData: String.raw`/\/api\/(?!live|session)/`, settled };

const nameOf = (at: number) => `pipeline_${String(at % PIPELINES).padStart(3, '0')}`;
const VIEWS: Readonly<Record<string, string>> = {
  today: '/',
  runs: '/runs',
  'runs that failed': '/runs?status=FAILED%2CTIMED_OUT%2CLOST',
  'runs of a pipeline': `/runs?pipeline=${nameOf(7)}`,
  run: `/runs/run-${RUNS - 100 + 7}`,
  pipelines: '/pipelines',
  pipeline: `/pipelines/prod/${nameOf(7)}`,
  incidents: '/incidents',
  lineage: `/lineage?dataset=lake.${nameOf(7)}`,
  quality: '/quality',
  numbers: '/numbers',
  ledger: '/ledger',
};

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const { server, url: serving } = serveLedger(folder, 'ignore');
const browser = await launchBrowser();
try {
  const url = await serving;
  for (let at = 0; at < RUNS; at += RUNS_PER_CALL) await send(url, eventsOf(at, Math.min(RUNS, at + RUNS_PER_CALL)));
  await call(url, '/api/settle', '');
  console.log(
    `the page over ${RUNS.toLocaleString('en')} runs of ${PIPELINES} pipelines; ${VISITS} visits of each view, in ms`,
  );
  console.log(`  page and style, gzipped: ${bundleBytes().toLocaleString('en')} bytes`);
  console.log(VISIT_HEAD);
  for (const [name, path] of Object.entries(VIEWS))
    console.log(await visitsShown(browser, name, url + path, VISITS, OWN));
  console.log(await live(browser, url));
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

function eventsOf(from: number, until: number): readonly object[] {
  return Array.from({ length: until - from }, (_, index) => {
    const at = from + index;
    const start = now - YEAR_MS + Math.floor((YEAR_MS * at) / RUNS);
    const process_name = nameOf(at);
    const key = { environment: 'prod', process_name, run_id: `run-${at}`, owner: `team-${at % 7}` };
    const end = new Date(start + 60_000 + ((at * 7_919) % 600_000)).toISOString();
    const failed = at % 23 === 0;
    return [
      { ...key, event_type: 'RUN_START', event_time: new Date(start).toISOString() },
      {
        ...{ ...key, event_type: 'RUN_END', status: failed ? 'FAILED' : 'SUCCESS', event_time: end, records_out: at },
        input_sources: [{ type: 's3', path: `s3://raw/${nameOf(at + 1)}/` }],
        output_targets: [{ type: 'delta', path: `lake.${process_name}` }],
        ...(at % 5 === 0 && {
          quality: [{ dataset: `lake.${process_name}`, check_name: 'rows', success: at % 35 !== 0 }],
        }),
        ...(failed && { error: { error_code: 'D201', error_message: 'Column customer_id not found' } }),
      },
    ];
  }).flat();
}

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  while ((await page.locator('.waiting').count()) > 0) await new Promise((resolve) => setTimeout(resolve, 25));
}

async function send(url: string, events: readonly object[]): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/events`, {
      method: 'POST',
      body: events.map((event) => JSON.stringify(event)).join('\n'),
    });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`POST /events answered ${response.status}: ${text.slice(0, 200)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function call(url: string, path: string, body: string): Promise<void> {
  const response = await fetch(url + path, { method: 'POST', body });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`${path} answered ${response.status}: ${text.trim()}`);
}

function bundleBytes(): number {
  const assets = join('dist', 'dashboard', 'assets');
  return readdirSync(assets)
    .filter((file) => /\.(js|css)$/.test(file))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(assets, file))).length, 0);
}

/** 500 events a second, under the view that changes with each of them. */
async function live(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  await page.addInitScript(OBSERVE);
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  await page.evaluate('seen.tasks.length = 0');
  for (let second = 0; second < LIVE_SECONDS; second++) {
    const begun = performance.now();
    for (let part = 0; part < 10; part++) {
      const time = Date.now();
      await send(
        url,
        Array.from({ length: 50 }, (_, at) => ({
          ...{ environment: 'prod', process_name: nameOf(at), run_id: `live-${second}-${part}-${at >> 1}` },
          ...{ event_type: at % 2 === 0 ? 'RUN_START' : 'RUN_END', event_time: new Date(time + at).toISOString() },
          ...(at % 2 === 1 && { status: 'SUCCESS', process_name: nameOf(at - 1) }),
        })),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - (performance.now() - begun))));
  }
  const tasks = await page.evaluate<readonly number[]>('seen.tasks');
  await page.close();
  return `  500 events a second for ${LIVE_SECONDS} s: ${tasks.length} tasks over 50 ms, the longest ${Math.max(0, ...tasks).toFixed(0)} ms`;
}
