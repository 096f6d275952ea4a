import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import {
  fileTransport,
  Ledger,
  type LedgerOptions,
  type Run,
  recordingTransport,
  type Transport,
} from '../src/index.ts';

/**
 * What the client costs: `node clients/typescript/bench/figures.ts [step] [million] [away MINUTES] [exec]`. Prints figures,
 * never fails on them.
 */
const scratch = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const aLedger = (transport: Transport, options: LedgerOptions = {}): Ledger =>
  new Ledger({
    transport,
    context: false,
    heartbeats: false,
    end_with_process: false,
    onError: () => undefined,
    ...options,
  });

/** Takes everything at once, and counts. */
function taking(): Transport & { records: number; bytes: number } {
  return {
    name: 'taking',
    records: 0,
    bytes: 0,
    async send(records) {
      this.records += records.length;
      for (const { length } of records) this.bytes += length;
      return undefined;
    },
  };
}

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

/** Microseconds of processor time of this thread, the least of five. */
async function perCall(act: () => unknown, count: number): Promise<string> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = cpuMs();
    for (let call = 0; call < count; call++) {
      act();
      if (call % 500 === 499) await turn();
    }
    best = Math.min(best, ((cpuMs() - start) / count) * 1_000);
  }
  return `${best.toFixed(1).padStart(8)} µs`;
}

/** One step: its start and its end, with counts, a source and a target. */
function oneStep(run: Run): void {
  const step = run.startStep('load', { map_index: 1 });
  step.records({ in: 1200, out: 1198 });
  step.source({ path: 's3://raw/orders/', type: 's3', records: 1200 });
  step.target({ path: 'lake.orders', type: 'delta', records: 1198 });
  step.end();
}

async function step(): Promise<void> {
  const recording = recordingTransport();
  const first = aLedger(recording);
  oneStep(first.startRun({ process_name: 'orders', environment: 'prod' }));
  await first.close();
  const events = recording.events.slice(1, 3);
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  const room = { max_buffer_events: 10_000_000, max_buffer_bytes: 2 ** 31 };
  const run = aLedger(taking(), room).startRun({ process_name: 'orders', environment: 'prod' });
  const toFile = aLedger(fileTransport({ path: join(scratch, 'events') }), room).startRun({ process_name: 'orders' });
  const file = join(scratch, 'lines');
  const logger = pino(pino.destination({ dest: join(scratch, 'log'), sync: true }));
  print(`a step with runledger               ${await perCall(() => oneStep(run), 5_000)}`);
  print(`a step to a file, runledger         ${await perCall(() => oneStep(toFile), 5_000)}`);
  print(
    `JSON.stringify of its two events    ${await perCall(() => events.map((event) => JSON.stringify(event)), 20_000)}`,
  );
  print(
    `its two lines appended to a file    ${await perCall(() => lines.map((line) => appendFileSync(file, line)), 5_000)}`,
  );
  print(
    `two lines of pino to a file         ${await perCall(() => ['started', 'done'].map((text) => logger.info(text)), 20_000)}`,
  );
}

async function million(): Promise<void> {
  const transport = taking();
  const ledger = aLedger(transport);
  const run = ledger.startRun({ process_name: 'orders', environment: 'prod' });
  const start = performance.now();
  for (let event = 0; event < 1_000_000; event++) {
    run.checkpoint('offset of the topic orders', { offset: event });
    if (event % 1_000 === 999) await turn();
  }
  await ledger.close({ timeout_ms: 60_000 });
  const seconds = (performance.now() - start) / 1_000;
  const { sent, dropped } = ledger.stats();
  print(
    `1,000,000 events in ${seconds.toFixed(1)} s: ${shown(1e6 / seconds)} a second; ${shown(sent)} sent, ${shown(dropped)} dropped`,
  );
  print(`a record is ${Math.round((transport.bytes / transport.records / 1_024_000) * 100)} % full`);
}

/** A job that computes, and tells 1,000 events a second: to a ledger that takes them, and to one that is away. */
async function away(minutes: number): Promise<void> {
  const seconds = minutes * 60;
  let kept = 0;
  /** Microseconds of the main thread's processor time for each unit of work with its event, the client's timers included. */
  const work = async (ledger: Ledger): Promise<number> => {
    const run = ledger.startRun({ process_name: 'orders', environment: 'prod' });
    const start = performance.now();
    const cpu = cpuMs();
    let told = 0;
    for (let now = 0; now < seconds * 1_000; now = performance.now() - start) {
      if (told >= now) {
        await sleep(1);
        continue;
      }
      for (let number = 0; number < 20_000; number++) kept = (kept * 31 + number) | 0;
      run.checkpoint('offset of the topic orders', { offset: told });
      // One that falls behind lets its timers fire all the same.
      if (++told % 20 === 0) await turn();
    }
    return ((cpuMs() - cpu) / told) * 1_000;
  };
  const rssMb = () => process.memoryUsage.rss() / 1_048_576;

  const takesAll = await work(aLedger(taking()));
  const before = rssMb();
  let most = before;
  const watching = setInterval(() => (most = Math.max(most, rssMb())), 250);
  const spool = join(scratch, 'spool');
  const gone = new Ledger({
    url: 'http://127.0.0.1:9',
    spool,
    ...{ context: false, heartbeats: false, end_with_process: false, onError: () => undefined },
  });
  const isAway = await work(gone);
  clearInterval(watching);
  await gone.close();
  const { emitted, spooled, dropped } = gone.stats();
  const sizes = readdirSync(spool, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  const sizeMb = sizes.reduce((sum, size) => sum + size, 0) / 1_048_576;
  print(
    `${seconds} s with the ledger away: ${isAway.toFixed(0)} µs for a unit of work and its event, with a ledger ${takesAll.toFixed(0)} µs`,
  );
  print(`memory grew by ${(most - before).toFixed(1)} MB at most, from ${before.toFixed(0)} MB`);
  print(
    `${shown(emitted)} events: ${shown(spooled)} in the spool (${sizeMb.toFixed(0)} MB, ${sizes.length} files), ${shown(dropped)} dropped and counted`,
  );
}

async function exec(): Promise<void> {
  const server = createServer((request, answer) => void request.resume().on('end', () => answer.end('{}')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = fileURLToPath(new URL('../../sh/runledger-exec', import.meta.url));
  const once = (command: string, ...args: string[]): Promise<number> => {
    const start = performance.now();
    const env = { ...process.env, RUNLEDGER_URL: url, RUNLEDGER_SPOOL: join(scratch, 'exec') };
    const child = spawn(command, args, { env, stdio: 'ignore' });
    return new Promise((resolve) => child.on('close', () => resolve(performance.now() - start)));
  };
  const bare: number[] = [];
  const recorded: number[] = [];
  // By turns, so that both meet the same machine.
  for (let round = 0; round < 50; round++) {
    bare.push(await once('/bin/true'));
    recorded.push(await once(script, '--pipeline', 'bench', '--', '/bin/true'));
  }
  server.close();
  const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]?.toFixed(1);
  print(
    `/bin/true 50 times: ${median(bare)} ms; under runledger-exec, until its end is sent: ${median(recorded)} ms (medians)`,
  );
}

const shown = (count: number): string => Math.round(count).toLocaleString('en');

const args = process.argv.slice(2);
const minutes = Number(args.find((each) => /^[\d.]+$/.test(each)) ?? 2);
const figures: Readonly<Record<string, () => Promise<void>>> = { step, million, away: () => away(minutes), exec };
const names = args.filter((each) => each in figures);
for (const name of names.length > 0 ? names : Object.keys(figures)) await figures[name]?.();
rmSync(scratch, { recursive: true, force: true });
