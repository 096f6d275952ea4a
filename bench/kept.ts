import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childrenSeconds, processesOf, processorSeconds } from './processes.ts';
import { seedEvent } from './seed-events.ts';
import { serveLedger } from './serve-ledger.ts';

/**
 * How long a person waits at a ledger that has kept many events: whole commands, from their start to their end, against a
 * served ledger. The project's bar is half a second. EVENTS=1000000 by default, 50,000 a day; it needs 1 GB of disk for each
 * million.
 */
const EVENTS = Number(process.env.EVENTS ?? 1_000_000);
const EVENTS_PER_DAY = 50_000;
const EVENTS_PER_CALL = 2_000;
/** So many days land between two rests, in which raw files are packed. */
const DAYS_PER_REST = 4;
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2025, 0, 1, 1);
const TIMES = 5;
const DAYS = Math.ceil(EVENTS / EVENTS_PER_DAY);
const DAY = new Date(FIRST_DAY_MS + (DAYS >> 1) * DAY_MS).toISOString().slice(0, 10);
const RUN = '8fb4b2a6-0000-4000-8000-000000000777';

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  runs: ['runs'],
  'runs of one pipeline': ['runs', '--process', 'customer_daily_assemble_7'],
  'show of one run': ['show', RUN],
  'metrics of a day': ['query', `select * from job_metrics where run_date = date '${DAY}'`],
  'failures of a day': [
    'query',
    `select process_name, count(*) as runs, count(*) filter (where status = 'FAILED') as failed from current_runs where run_date = date '${DAY}' group by process_name`,
  ],
  'events of a day': [
    'query',
    `select event_type, count(*) as events from pipeline_logs where event_date = date '${DAY}' group by event_type`,
  ],
  'lineage_edges limit 10': ['query', 'select * from lineage_edges limit 10'],
  'lineage of a day': ['query', `select * from lineage_edges where run_date = date '${DAY}' limit 10`],
  'lineage of a run': ['query', `select * from lineage_edges where run_id = '${RUN}' limit 10`],
  'status history of a run': ['query', `select * from run_status_history where run_id = '${RUN}' limit 10`],
};

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const { server, url: serving } = serveLedger(folder, 'ignore');
try {
  const url = await serving;
  for (let day = 0; day < DAYS; day++) {
    for (let at = 0; at < EVENTS_PER_DAY; at += EVENTS_PER_CALL) await send(url, day * EVENTS_PER_DAY + at, day);
    if (day % DAYS_PER_REST === DAYS_PER_REST - 1) await settle(url);
  }
  await settle(url);
  console.log(
    `a kept ledger: ${(DAYS * EVENTS_PER_DAY).toLocaleString('en')} events of ${DAYS} days; whole commands, ${TIMES} times each`,
  );
  console.log(`  ${'command'.padEnd(26)} median s   longest s   processor s`);
  const slow: string[] = [];
  for (const [name, command] of Object.entries(COMMANDS)) {
    const runs = Array.from({ length: TIMES }, () => timed(command)).sort((a, b) => a.seconds - b.seconds);
    const [median, longest] = [runs[TIMES >> 1]?.seconds ?? 0, runs.at(-1)?.seconds ?? 0];
    const processor = runs.reduce((sum, each) => sum + each.processor, 0) / TIMES;
    console.log(
      `  ${name.padEnd(26)} ${median.toFixed(2).padStart(8)} ${longest.toFixed(2).padStart(11)} ${processor.toFixed(2).padStart(12)}`,
    );
    if (median > 0.5) slow.push(name);
  }
  console.log(`over half a second: ${slow.length === 0 ? 'none' : slow.join(', ')}`);
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}

async function send(url: string, from: number, day: number): Promise<void> {
  // The sample's runs begin 10 ms after each other, over all days: a millisecond for each event.
  const startMs = FIRST_DAY_MS + day * (DAY_MS - EVENTS_PER_DAY);
  const lines = Array.from({ length: EVENTS_PER_CALL }, (_, at) => JSON.stringify(seedEvent(from + at, startMs)));
  for (;;) {
    const response = await fetch(`${url}/events`, { method: 'POST', body: lines.join('\n') });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`POST /events answered ${response.status}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function settle(url: string): Promise<void> {
  const response = await fetch(`${url}/api/settle`, { method: 'POST' });
  const text = await response.text();
  if (!response.ok || text.includes('"error"')) throw new Error(`settle answered ${response.status}: ${text.trim()}`);
}

/** Processor seconds of the ledger, and of the commands so far. */
function usedSoFar(): number {
  return processesOf(server.pid)
    .map(processorSeconds)
    .reduce((a, b) => a + b, childrenSeconds());
}

/** From the start of a command to its end, and what it took of a processor, the ledger's work included. */
function timed(command: readonly string[]): { readonly seconds: number; readonly processor: number } {
  const before = usedSoFar();
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [join('dist', 'runledger.mjs'), ...command, '--data', folder],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}: ${stderr}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, processor: usedSoFar() - before };
}
