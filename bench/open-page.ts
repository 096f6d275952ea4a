import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveLedger } from './serve-ledger.ts';
import { launchBrowser } from './visits.ts';

/**
 * How much memory a page takes that stays open, and the ledger under it: EVENTS_PER_SECOND=10 for MINUTES=5, with a look each
 * tenth of that. Needs Chromium.
 */
const MINUTES = Number(process.env.MINUTES ?? 5);
const EVENTS_PER_SECOND = Number(process.env.EVENTS_PER_SECOND ?? 10);
const LOOKS = 10;
const MB = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const { server, url: serving } = serveLedger(folder, 'ignore');
const browser = await launchBrowser();
try {
  const url = await serving;
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  await page.goto(url);
  await page.getByText('Live', { exact: true }).waitFor();
  console.log(`a page open for ${MINUTES} minutes at ${EVENTS_PER_SECOND} events a second, in MB`);
  console.log('  minute  heap of the page  nodes  the ledger');
  for (let look = 0; look <= LOOKS; look++) {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    const of = (name: string) => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    const figures = [(look * MINUTES) / LOOKS, of('JSHeapUsedSize') / MB, of('Nodes'), residentMb(server.pid)];
    console.log(
      figures.map((figure, at) => figure.toFixed(at === 2 ? 0 : 1).padStart([8, 17, 6, 11][at] ?? 8)).join(' '),
    );
    if (look < LOOKS) await sendFor(url, (MINUTES * 60) / LOOKS);
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

async function sendFor(url: string, seconds: number): Promise<void> {
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    const begun = performance.now();
    const now = Date.now();
    const events = Array.from({ length: EVENTS_PER_SECOND }, (_, at) => ({
      ...{ environment: 'prod', process_name: `pipeline_${(at >> 1) % 50}`, run_id: `run-${now}-${at >> 1}` },
      ...(at % 2 === 0
        ? { event_type: 'RUN_START' }
        : { event_type: 'RUN_END', status: at % 9 === 0 ? 'FAILED' : 'SUCCESS' }),
      event_time: new Date(now + at).toISOString(),
    }));
    const response = await fetch(`${url}/events`, {
      method: 'POST',
      body: events.map((each) => JSON.stringify(each)).join('\n'),
    });
    await response.text();
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - (performance.now() - begun))));
  }
}

/** Of the process and those that it started, which hold the engine. */
function residentMb(pid: number | undefined): number {
  if (pid === undefined) return Number.NaN;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  const own = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  return children.reduce((sum, child) => sum + residentMb(Number(child)), own);
}
