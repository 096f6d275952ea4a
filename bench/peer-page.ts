import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { launchBrowser, VISIT_HEAD, visitsShown } from './visits.ts';

/**
 * The figures of `page`, for Airflow's own page over as many runs of 100 pipelines in SQLite. AIRFLOW names the `bin` folder
 * of an environment that has Airflow 3; without it nothing is measured. RUNS=100000, VISITS=10.
 */
const RUNS = Number(process.env.RUNS ?? 100_000);
const VISITS = Number(process.env.VISITS ?? 10);
const { AIRFLOW } = process.env;
const SIGNS = {
  isData: String.raw`/\/(ui|api\/v2)\//`,
  settled: (page: Page) => page.waitForLoadState('networkidle'),
};
const VIEWS: Readonly<Record<string, string>> = {
  home: '/',
  pipelines: '/dags',
  'runs that failed': '/dag_runs?state=failed',
  runs: '/dag_runs',
  pipeline: '/dags/pipeline_007',
  'runs of a pipeline': '/dags/pipeline_007/runs',
  run: '/dags/pipeline_007/runs/run-99907',
};

async function measure(bin: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
  const env = {
    ...process.env,
    AIRFLOW_HOME: folder,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
    AIRFLOW__CORE__DAGS_FOLDER: join(folder, 'dags'),
  };
  const run = (...args: readonly string[]) =>
    execFileSync(join(bin, args[0] ?? ''), args.slice(1), { env, stdio: 'pipe' });
  mkdirSync(join(folder, 'dags'));
  writeFileSync(join(folder, 'dags', 'pipelines.py'), DAGS);
  run('airflow', 'db', 'migrate');
  run('airflow', 'dags', 'reserialize');
  run('python', '-c', FILL, join(folder, 'airflow.db'), String(RUNS));
  const version = run('airflow', 'version').toString().trim().split('\n').at(-1);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(join(bin, 'airflow'), ['api-server', '--host', '127.0.0.1', '--port', String(port)], {
    ...{ env, stdio: 'ignore' as const, detached: true },
  });
  const browser = await launchBrowser();
  try {
    await answering(`${url}/api/v2/version`);
    console.log(
      `the page of Airflow ${version} over ${RUNS.toLocaleString('en')} runs of 100 pipelines in SQLite; ${VISITS} visits of each view, in ms`,
    );
    console.log(VISIT_HEAD);
    for (const [name, path] of Object.entries(VIEWS))
      console.log(await visitsShown(browser, name, url + path, VISITS, SIGNS));
  } finally {
    await browser.close();
    const ended = once(server, 'exit');
    // It has workers of its own.
    process.kill(-(server.pid ?? 0), 'SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('expected a port, got none');
  return address.port;
}

async function answering(address: string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const isThere = await fetch(address).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`expected ${address} to answer within two minutes, but it did not`);
}

const DAGS = `
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

for number in range(100):
    with DAG(f"pipeline_{number:03d}", schedule=None) as dag:
        EmptyOperator(task_id="load")
    globals()[dag.dag_id] = dag
`;

/** The rows that Airflow's scheduler would have written: a run of each pipeline in turn over a year, with its one task. */
const FILL = `
import sqlite3, sys, uuid
from datetime import datetime, timedelta, timezone

database, runs = sqlite3.connect(sys.argv[1]), int(sys.argv[2])
versions = dict(database.execute("select dag_id, id from dag_version"))
begin = datetime.now(timezone.utc).replace(tzinfo=None) - timedelta(days=365)

def row(at):
    start = begin + timedelta(days=365) * at / runs
    end = start + timedelta(milliseconds=60_000 + at * 7_919 % 600_000)
    dag_id = f"pipeline_{at % 100:03d}"
    return str(start), str(end), "failed" if at % 23 == 0 else "success", dag_id, f"run-{at}", versions[dag_id]

with database:
    rows = [row(at) for at in range(runs)]
    database.executemany(
        """insert into dag_run (start_date, end_date, state, dag_id, run_id, created_dag_version_id, queued_at, logical_date,
             run_after, created_at, updated_at, run_type, triggered_by, conf, clear_number, span_status, log_template_id)
           values (?1, ?2, ?3, ?4, ?5, ?6, ?1, ?1, ?1, ?1, ?2, 'manual', 'CLI', '{}', 0, 'not_started', 1)""",
        rows,
    )
    database.executemany(
        """insert into task_instance (start_date, end_date, state, dag_id, run_id, dag_version_id, id, task_id, map_index,
             duration, try_number, max_tries, hostname, unixname, pool, pool_slots, queue, priority_weight, operator,
             queued_dttm, scheduled_dttm, updated_at, span_status, task_display_name, executor_config)
           values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'load', -1, 60, 1, 0, '', 'ada', 'default_pool', 1, 'default', 1,
             'EmptyOperator', ?1, ?1, ?2, 'not_started', 'load', X'80057D942E')""",
        [(*each, uuid.uuid4().hex) for each in rows],
    )
`;

if (AIRFLOW === undefined)
  console.log('peer-page: AIRFLOW is not set; expected the bin folder of an environment with Airflow 3');
else await measure(AIRFLOW);
