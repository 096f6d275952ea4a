import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openDatabase } from '../adapters/duckdb/database.ts';
import { lakeOf } from '../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { acceptRecords } from '../flows/accept.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { statementsFor } from '../sql/statements.ts';
import { acceptSettings } from './accept-settings.ts';
import { seedRun } from './seed-runs.ts';

/**
 * What sorting the rows of a day would save: the bytes of `pipeline_logs` that an engine has to read for a question about
 * one run, and about one pipeline, given the least and greatest value of each column in each row group of the day's file.
 */
const DAY = '2025-11-03';
const RUNS = 8_000;
const PIPELINES = 200;
const EVENTS_PER_RUN = 50;
const EVENTS_PER_OBJECT = 50_000;
/** Writers of Parquet begin another row group at 128 MiB, or here, at fewer rows: which is better for sorting. */
const ROWS_PER_GROUP = 50_000;

const ORDERS = { arrival: 'received_at, event_time', pipeline: 'process_name, run_id', run: 'run_id' } as const;
/** What `show` and a question about a pipeline read; the line itself is read by nobody who does not ask for it. */
const READ = ['environment', 'process_name', 'run_id', 'step_name', 'event_type', 'status', 'event_time', 'error'];

const midnight = Date.parse(`${DAY}T00:00:00Z`);
const events = Array.from({ length: RUNS }, (_, run) =>
  seedRun(
    { events: EVENTS_PER_RUN, minutes: 10, pipeline: run % PIPELINES },
    midnight + Math.floor((run / RUNS) * 85_000_000),
  ),
)
  .flat()
  .sort((a, b) => String(a.created_at).localeCompare(String(b.created_at)));

const root = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
const database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude, memoryLimitMb: 2_000 });
try {
  const engine = await openQueryEngine(lakeOf(database));
  await engine.migrate();
  for (let at = 0; at < events.length; at += EVENTS_PER_OBJECT) {
    const part = events.slice(at, at + EVENTS_PER_OBJECT);
    const object = `raw/dt=${DAY}/hh=12/${at}.ndjson`;
    const record = Buffer.from(part.map((event) => JSON.stringify(event)).join('\n'));
    const { lines } = acceptRecords([record], String(part.at(-1)?.created_at), acceptSettings);
    mkdirSync(dirname(join(root, object)), { recursive: true });
    writeFileSync(join(root, object), `${lines.join('\n')}\n`);
    await engine.query(statementsFor('duckdb').compactEvents, {
      ...{ objects: [object], arrival_dates: [DAY], event_dates: [DAY], event_days: [DAY] },
    });
  }
  const connection = await database.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const [middle] = await rows('select run_id, process_name from pipeline_logs order by run_id limit 1 offset 200000');
  for (const [name, order] of Object.entries(ORDERS)) {
    const file = join(root, 'spill', `${name}.parquet`);
    await connection.run(
      `copy (select * from pipeline_logs order by ${order}) to '${file}' (format parquet, compression zstd, row_group_size ${ROWS_PER_GROUP})`,
    );
    const bytesWhere = async (column: string, value: unknown) =>
      (
        await rows(`with g as (
          select row_group_id from parquet_metadata('${file}')
          where path_in_schema = '${column}' and '${value}' between stats_min_value and stats_max_value
        )
        select count(distinct row_group_id) as groups, sum(total_compressed_size) as bytes from parquet_metadata('${file}')
        where row_group_id in (select row_group_id from g)
          and split_part(path_in_schema, ', ', 1) in (${READ.map((each) => `'${each}'`).join(', ')})`)
      )[0];
    const [whole] = await rows(
      `select sum(total_compressed_size) as bytes, count(distinct row_group_id) as groups from parquet_metadata('${file}')`,
    );
    console.log(name, 'file', whole, 'one run', await bytesWhere('run_id', middle?.run_id), 'one pipeline', {
      ...(await bytesWhere('process_name', middle?.process_name)),
    });
  }
} finally {
  database.close();
  rmSync(root, { recursive: true, force: true });
}
