import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seedEvent } from './seed-events.ts';
import { serveLedger } from './serve-ledger.ts';

/**
 * How long one event waits for its answer while nobody asks anything, and while a question keeps the query engine
 * busy until its time limit ends it. The project's bar: a question delays an event by less than 100 ms.
 */
const KEPT = 20_000;
const SENDS_WHEN_IDLE = 500;
/** Pairs of events, then pairs of pairs: no engine ends this within a question's time. */
const QUESTION = `select count(*), max(a.event_id || b.event_id) from pipeline_logs a, pipeline_logs b, pipeline_logs c where a.event_id <> b.event_id and b.event_key <> c.event_key`;

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const served = serveLedger(folder, 'ignore');
try {
  const url = await served.url;
  for (let at = 0; at < KEPT; at += 1000)
    await send(
      url,
      Array.from({ length: 1000 }, (_, index) => JSON.stringify(seedEvent(at + index, 1.762128e12))),
    );
  await (await fetch(`${url}/api/settle`, { method: 'POST' })).text();

  const idle: number[] = [];
  for (let at = 0; at < SENDS_WHEN_IDLE; at++) idle.push(await timed(() => send(url, [oneEvent(at)])));

  const asked: number[] = [];
  let isAnswered = false;
  const startedAt = performance.now();
  const answer = fetch(`${url}/query`, { method: 'POST', body: QUESTION }).then(async (response) => {
    const text = await response.text();
    isAnswered = true;
    return `${response.status} ${text.slice(0, 120).replaceAll('\n', ' ')}`;
  });
  while (!isAnswered) asked.push(await timed(() => send(url, [oneEvent(asked.length)])));

  console.log(
    `a question beside ingest: ${KEPT.toLocaleString('en')} events kept, one event a call, one call after the other`,
  );
  console.log(`  nobody asks:         ${figures(idle)}`);
  console.log(`  a question is asked: ${figures(asked)}`);
  console.log(
    `  the question ran for ${((performance.now() - startedAt) / 1000).toFixed(1)} s and got: ${await answer}`,
  );
  console.log(
    `a question delays an event by ${(quantile(asked, 0.99) - quantile(idle, 0.99)).toFixed(0)} ms at the 99th percentile (under 100)`,
  );
} finally {
  served.server.kill('SIGTERM');
  await new Promise((resolve) => served.server.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}

function oneEvent(at: number): string {
  return JSON.stringify(seedEvent(at, 1.763e12));
}

async function send(url: string, lines: readonly string[]): Promise<void> {
  const response = await fetch(`${url}/events`, { method: 'POST', body: lines.join('\n') });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST /events answered ${response.status}: ${text}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function quantile(times: readonly number[], share: number): number {
  return [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

function figures(times: readonly number[]): string {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => quantile(times, share).toFixed(1));
  return `${times.length} events, median ${half} ms, 99th percentile ${most} ms, longest ${all} ms`;
}
