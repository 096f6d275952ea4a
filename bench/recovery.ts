import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { remoteLedger } from '../adapters/http/client.ts';
import { openAlertStore } from '../adapters/sqlite/alert-store.ts';
import { instantOf } from '../core/instant.ts';
import { expectationsOf } from '../core/pipelines/expectations.ts';
import { readFile } from '../core/pipelines/read-file.ts';
import { decideRecovery } from '../core/recovery/decide-recovery.ts';
import { policyOf } from '../core/recovery/policy.ts';
import { runOf } from '../core/run/run-of.ts';
import { type ToldRun, toldRunOf } from '../core/run/told-run.ts';
import type { Event } from '../core/schema/event.ts';
import { recoverTouched } from '../flows/recover.ts';
import { serveLedger } from './serve-ledger.ts';

/**
 * From a failure to the next run: how many failed runs are decided a second (the rules alone, and with SQLite), how long it
 * takes until a command is started, and a backfill of 30 days of 10 pipelines.
 */
const RUNS = 10_000;
const NOW_MS = Date.UTC(2025, 10, 3, 12);
const RETRY =
  'restart: { command: { run: [job] } }, retry: { by: ledger, max_attempts: 3, backoff: 5m }, idempotent: merge';
const now = instantOf(NOW_MS);

const { file } = readFile(`version: 1\npipelines:\n  "p*": { ${RETRY} }\n`);
if (file === undefined) throw new Error('the file is wrong');
const expectations = expectationsOf(file, () => []);
const runs = Array.from({ length: RUNS }, (_, at) => failed(`p${at}`, `r${at}`));
const [expectation] = expectations.pipelines;
if (expectation === undefined) throw new Error('the file is empty');
const policy = policyOf(expectation);
const rules = seconds(() => {
  for (const told of runs)
    decideRecovery(
      told,
      policy,
      {
        slot: [told.run],
        open_runs: 0,
        failures: 1,
        failed_incrementals: 0,
        recovery: { decisions: [], restarts: [] },
      },
      now,
    );
});
const { recoveries } = openAlertStore(':memory:');
const startedMs = performance.now();
const decided = await recoverTouched({ live: { listRuns: async () => [] }, recoveries, expectations }, runs, [], now);
const stored = (performance.now() - startedMs) / 1000;
console.log(`recovery: ${RUNS.toLocaleString('en')} failed runs of as many pipelines`);
console.log(`  decided by the rules alone    ${Math.round(RUNS / rules).toLocaleString('en')} a second`);
console.log(`  decided and stored in SQLite  ${Math.round(decided / stored).toLocaleString('en')} a second`);

const dir = mkdtempSync(join(tmpdir(), 'runledger-bench-recovery-'));
try {
  await served(dir);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function served(dir: string): Promise<void> {
  const TOLD = `const e = process.env; const at = new Date().toISOString();
const tell = (more) => fetch(e.RUNLEDGER_URL + '/events', { method: 'POST', body: JSON.stringify({ process_name: e.RUNLEDGER_PIPELINE,
  environment: e.RUNLEDGER_ENVIRONMENT, run_id: e.RUNLEDGER_RUN_ID, run_attempt: +e.RUNLEDGER_RUN_ATTEMPT, run_mode: e.RUNLEDGER_RUN_MODE,
  scheduled_for: e.RUNLEDGER_SCHEDULED_FOR, start_time: at, ...more }) });
await tell({ event_type: 'RUN_END', status: 'SUCCESS', event_time: at, end_time: at });`;
  writeFileSync(join(dir, 'job.mjs'), TOLD);
  const command = `restart: { command: { run: [${JSON.stringify(process.execPath)}, ${JSON.stringify(join(dir, 'job.mjs'))}] } }, idempotent: merge`;
  const pipelines = Array.from({ length: 10 }, (_, at) => `  b${at}: { schedule: { cron: "0 2 * * *" }, ${command} }`);
  writeFileSync(
    join(dir, 'pipelines.yaml'),
    `version: 1\npipelines:\n  fast: { ${command}, retry: { by: ledger, max_attempts: 2, backoff: 1s } }\n${pipelines.join('\n')}\n`,
  );
  const { server, url } = serveLedger(join(dir, 'data'), 'inherit', '--pipelines', join(dir, 'pipelines.yaml'));
  const ledger = remoteLedger({ url: await url });
  await ledger.alerts.incidents({ limit: 1 });
  // What failed before the file allowed it is left alone, and what fails below failed a second ago.
  await new Promise((done) => setTimeout(done, 2_000));
  const latencies: number[] = [];
  for (let at = 0; at < 20; at++) {
    // It failed a second ago, so its pause is over.
    const end = instantOf(Date.parse(new Date().toISOString()) - 1_000);
    const event = {
      process_name: 'fast',
      environment: 'local',
      run_id: `f${at}`,
      event_type: 'RUN_END',
      status: 'FAILED',
    };
    const told = {
      ...event,
      event_time: end,
      start_time: end,
      end_time: end,
      error: { error_code: 'T101', message: 'no' },
    };
    const sentMs = performance.now();
    await ledger.send([new TextEncoder().encode(JSON.stringify(told))]);
    for (;;) {
      const found = await ledger.recovery.list({ process_name: 'fast', slot: `run f${at}`, limit: 1 });
      if (found[0]?.restarts[0]?.started_at !== undefined) break;
      if (found[0]?.decisions.some(({ kind }) => kind === 'escalate')) break;
      await new Promise((done) => setTimeout(done, 5));
    }
    latencies.push(performance.now() - sentMs);
    if (at === 8) break;
  }
  latencies.sort((a, b) => a - b);
  console.log(
    `  from a failure to its next run ${Math.round(latencies[Math.floor(latencies.length / 2)] ?? 0)} ms, at most ${Math.round(latencies.at(-1) ?? 0)} ms, without the pause of its policy`,
  );
  const backfillMs = performance.now();
  const until = Date.UTC(2026, 0, 31, 2);
  await Promise.all(
    pipelines.map(async (_, pipeline) => {
      for (let day = 0; day < 30; day++) {
        const scheduled_for = instantOf(until - (30 - day) * 86_400_000);
        const run_id = `b${pipeline}-${day}`;
        await ledger.recovery.start({
          ...{
            environment: 'local',
            process_name: `b${pipeline}`,
            run_id,
            who: 'bench',
            run_mode: 'backfill',
            params: {},
            scheduled_for,
          },
        });
        for (;;) {
          const [run] = await ledger
            .runs({ process_name: `b${pipeline}`, limit: 1_000 })
            .then((all) => all.filter((each) => each.run_id === run_id));
          if (run?.status === 'SUCCESS') break;
          await new Promise((done) => setTimeout(done, 50));
        }
      }
    }),
  );
  console.log(
    `  30 days of 10 pipelines, 1 at a time each: ${((performance.now() - backfillMs) / 1000).toFixed(1)} s for 300 commands`,
  );
  server.kill('SIGTERM');
  await once(server, 'exit');
}

function failed(process_name: string, run_id: string): ToldRun {
  const event: Event = {
    ...{ event_key: run_id, event_id: run_id, event_date: now.slice(0, 10), event_time: now, received_at: now },
    ...{
      environment: 'prod',
      process_name,
      run_id,
      run_attempt: 1,
      event_type: 'RUN_END',
      status: 'FAILED',
      end_time: now,
    },
    error: { error_code: 'T101', message: 'no' },
  } as Event;
  return toldRunOf(runOf(event));
}

function seconds(work: () => void): number {
  const before = performance.now();
  work();
  return (performance.now() - before) / 1000;
}
