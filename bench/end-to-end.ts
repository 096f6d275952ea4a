import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { processesOf, processorSeconds } from './processes.ts';
import { seedEvent } from './seed-events.ts';
import { serveLedger } from './serve-ledger.ts';

/**
 * Events over HTTP to all tables and views, against the speed at which DuckDB alone reads the same file as NDJSON,
 * types it, deduplicates it and writes Parquet, `raw_payload` in both. DuckDB alone may use 1,000 MB, the ledger's its default of
 * 500 MB. The server is a process of its own; its peak memory, and that of its query engine, is what Linux counted.
 * EVENTS=1000000 by default.
 *
 * Two ratios: of the seconds that pass, which is what people wait, and of processor seconds, which is what can be compared
 * on a machine that does other work meanwhile.
 */
const EVENTS = Number(process.env.EVENTS ?? 1_000_000);
const RECORD_BYTES = 1_000 * 1024;
const RECORDS_PER_CALL = 4;
const CALLS_IN_FLIGHT = 3;

/** By the name that Node gives a thread. */
const SERVER_THREADS: Readonly<Record<string, string>> = {
  MainThread: 'the server: main thread',
  ingest: 'the server: ingest worker',
  V8Worker: "the server: V8's threads (garbage, compiling)",
};

const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const file = join(folder, 'events.ndjson');
const bodiesFile = join(folder, 'bodies');
try {
  await writeEvents();
  const megabytes = statSync(file).size / 1_048_576;
  console.log(`end to end: ${EVENTS.toLocaleString('en')} seed events, ${Math.round(megabytes)} MB`);
  const baseline = baselineSeconds();
  console.log(
    `  DuckDB alone, NDJSON to typed, deduplicated Parquet: ${baseline.seconds.toFixed(1)} s, ${baseline.cpu.toFixed(1)} s of processor, peak ${baseline.peakMb} MB`,
  );
  const ledger = await ledgerSeconds(await writeBodies());
  console.log(
    `  the ledger: acknowledged after ${ledger.acknowledged.toFixed(1)} s, in all tables after ${ledger.settled.toFixed(1)} s, peak ${ledger.peakMb} MB (server and engine: ${ledger.peaks.join(' + ')})`,
  );
  const cpu = sum(ledger.threads.map(({ seconds }) => seconds));
  console.log(
    `  its processor seconds: ${cpu.toFixed(1)}, ${Math.round((cpu * 1e6) / EVENTS)} µs an event; its sender's ${ledger.senderCpu.toFixed(1)}`,
  );
  for (const { name, seconds } of ledger.threads) console.log(`    ${seconds.toFixed(1).padStart(6)}  ${name}`);
  console.log(
    `end-to-end ratio: ${(baseline.seconds / ledger.settled).toFixed(2)} by time, ${(baseline.cpu / cpu).toFixed(2)} by processor (at least 0.25, aim 0.4); peak ${ledger.peakMb} MB (under 1,500)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeEvents(): Promise<void> {
  const out = createWriteStream(file);
  for (let at = 0; at < EVENTS; at += 1000) {
    const lines = Array.from({ length: Math.min(1000, EVENTS - at) }, (_, index) =>
      JSON.stringify(seedEvent(at + index, 1.762128e12)),
    );
    if (!out.write(`${lines.join('\n')}\n`)) await once(out, 'drain');
  }
  await new Promise<void>((resolve) => out.end(() => resolve()));
}

function baselineSeconds(): { seconds: number; cpu: number; peakMb: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'baseline.mjs'), file, join(folder, 'baseline.parquet')],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the baseline failed: ${stderr}`);
  return JSON.parse(stdout);
}

interface LedgerFigures {
  /** Seconds since the first call. */
  readonly acknowledged: number;
  readonly settled: number;
  readonly peakMb: number;
  /** Of the server and its engine; they need not fall together. */
  readonly peaks: readonly number[];
  /** Two cores have two processor seconds a second. */
  readonly threads: readonly ThreadSeconds[];
  readonly senderCpu: number;
}

async function ledgerSeconds(bodies: readonly Body[]): Promise<LedgerFigures> {
  const { server, url: serving } = serveLedger(join(folder, 'ledger'), 'inherit');
  try {
    const url = await serving;
    const senderBefore = processorSeconds(process.pid);
    const startedAt = performance.now();
    await sendAll(url, bodies);
    const acknowledged = (performance.now() - startedAt) / 1000;
    const settle = await fetch(`${url}/api/settle`, { method: 'POST' });
    // A long answer begins before its outcome is known: an error is at its end.
    const answer = await settle.text();
    if (!settle.ok || answer.includes('"error"')) throw new Error(`settle answered ${settle.status}: ${answer.trim()}`);
    const settled = (performance.now() - startedAt) / 1000;
    const summary = (await (await fetch(`${url}/api/summary`)).json()) as { lines: { inserted: number } };
    if (summary.lines.inserted !== EVENTS)
      throw new Error(`expected ${EVENTS} events in the tables, found ${summary.lines.inserted}`);
    const peaks = processesOf(server.pid).map(peakMegabytes);
    return {
      acknowledged,
      settled,
      peakMb: sum(peaks),
      peaks,
      threads: threadsOf(processesOf(server.pid)),
      senderCpu: processorSeconds(process.pid) - senderBefore,
    };
  } finally {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
}

/** Where the body of each call stands in the file of bodies. */
interface Body {
  readonly position: number;
  readonly bytes: number;
}

/** As a packing client sends: records of 1,000 KiB, four a call. Made beforehand: packing is the producers' work, on their machines. */
async function writeBodies(): Promise<readonly Body[]> {
  const bodies: Body[] = [];
  const source = await open(file);
  const target = await open(bodiesFile, 'w');
  const buffer = Buffer.alloc(RECORD_BYTES);
  let records: string[] = [];
  let position = 0;
  let written = 0;
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, RECORD_BYTES, position);
    const end = buffer.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
    if (end > 0) records.push(JSON.stringify({ Data: buffer.toString('base64', 0, end) }));
    position += end;
    if (records.length === RECORDS_PER_CALL || (end === 0 && records.length > 0)) {
      const body = Buffer.from(`{"DeliveryStreamName":"runledger","Records":[${records.join(',')}]}`);
      await target.write(body);
      bodies.push({ position: written, bytes: body.length });
      written += body.length;
      records = [];
    }
    if (end === 0) break;
  }
  await source.close();
  await target.close();
  return bodies;
}

/** Sends a few calls at once, and each again when the ledger asks to retry later. */
async function sendAll(url: string, bodies: readonly Body[]): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const source = await open(bodiesFile);
  const left = bodies.values();
  const sender = async (): Promise<void> => {
    for (const { position, bytes } of left) {
      const { buffer } = await source.read(Buffer.allocUnsafe(bytes), 0, bytes, position);
      for (;;) {
        const status = await post(url, agent, buffer);
        if (status === 200) break;
        if (status !== 503) throw new Error(`PutRecordBatch answered ${status}`);
        await setTimeout(200);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLS_IN_FLIGHT }, sender));
  agent.destroy();
  await source.close();
}

function post(url: string, agent: Agent, body: Buffer): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': body.length,
      'x-amz-target': 'Firehose_20150804.PutRecordBatch',
    };
    const call = request(url, { method: 'POST', agent, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode));
    });
    call.once('error', reject).end(body);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function peakMegabytes(pid: number | undefined): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}

interface ThreadSeconds {
  readonly name: string;
  readonly seconds: number;
}

/** Threads by the names that Node gives them; of the server and of its query engine, the most busy first. */
function threadsOf([server, ...engines]: readonly (number | undefined)[]): readonly ThreadSeconds[] {
  const found = new Map<string, number>();
  for (const pid of [server, ...engines]) {
    const all = processorSeconds(pid);
    let named = 0;
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const comm = readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim();
      const name = pid !== server ? 'the query engine' : (SERVER_THREADS[comm] ?? 'the server: other threads');
      const seconds = processorSeconds(`${pid}/task/${thread}`);
      named += seconds;
      found.set(name, (found.get(name) ?? 0) + seconds);
    }
    const ended = pid === server ? 'the server: other threads' : 'the query engine';
    found.set(ended, (found.get(ended) ?? 0) + Math.max(0, all - named));
  }
  return [...found].map(([name, seconds]) => ({ name, seconds })).sort((a, b) => b.seconds - a.seconds);
}
