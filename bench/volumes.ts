import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DuckDBConnection } from '@duckdb/node-api';
import { openDatabase } from '../adapters/duckdb/database.ts';
import { lakeOf } from '../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import type { Event } from '../core/schema/event.ts';
import { acceptRecords } from '../flows/accept.ts';
import { eventsOf } from '../flows/landed-events.ts';
import { trackRuns } from '../flows/track.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { EVERY_DAY, statementsFor } from '../sql/statements.ts';
import { acceptSettings } from './accept-settings.ts';
import { liveWritesOf } from './live-writes.ts';
import { type RunShape, seedRun } from './seed-runs.ts';

/**
 * What `docs/cost.md` multiplies with prices: sizes of the seed's events on their way, what the live lane writes for a
 * run, what the columns of `pipeline_logs` weigh, and the time that functions and statements need. Printed as
 * `scripts/cost/measured.ts` and `scripts/cost/live-runs.ts` have them.
 */
const EVENTS_PER_RUN = 50;
const RUNS = 240;
const START_MS = Date.UTC(2025, 10, 3, 10);
const SCANNED = 5_000_000;
const OBJECT = 'raw/dt=2025-11-03/hh=12/a.ndjson';
const DATES = ['2025-11-03'];
const arrived = { objects: [OBJECT], arrival_dates: DATES, event_dates: DATES, event_days: DATES };
const statements = statementsFor('duckdb');

const sent = Array.from({ length: RUNS }, (_, run) =>
  seedRun({ events: EVENTS_PER_RUN, minutes: 10, pipeline: run % 40 }, START_MS + run * 1000),
)
  .flat()
  .sort((a, b) => String(a.created_at).localeCompare(String(b.created_at)))
  .map((event) => JSON.stringify(event));
const record = Buffer.from(sent.join('\n'));
const accept = () => acceptRecords([record], '2025-11-03T12:00:00.000Z', acceptSettings);
const { lines } = accept();
if (lines.length !== sent.length) throw new Error(`accepted ${lines.length} of ${sent.length}`);
const landed = Buffer.from(`${lines.join('\n')}\n`);

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
async function microsecondsPerEvent(work: () => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < 9; round++) {
    const startedAt = performance.now();
    await work();
    rounds.push(((performance.now() - startedAt) * 1000) / sent.length);
  }
  return median(rounds.slice(2));
}

/** A live store that keeps nothing: measures the cost of tracking without the table. */
const nowhere = {
  async updateRuns(runs, update) {
    for (const run of runs) update(undefined, run);
    return [];
  },
} satisfies Pick<LiveStore, 'updateRuns'> as unknown as LiveStore;

const perEvent = (bytes: number) => Math.round(bytes / sent.length);
console.log(`volumes: ${sent.length} seed events in runs of ${EVENTS_PER_RUN}`);
console.log(`  sentBytes ${perEvent(record.length)}`);
console.log(`  landedBytes ${perEvent(landed.length)}`);
console.log(`  landedGzipBytes ${perEvent(gzipSync(landed).length)}`);
console.log(
  `  trackMicroseconds ${(await microsecondsPerEvent(() => trackRuns(nowhere, foldRuns(eventsOf(landed))))).toFixed(1)}`,
);

console.log('  liveRuns: what the live lane does for one run of 50 events');
const SHAPES = [
  ...[4, 24].flatMap((steps) => [1, 10, 60].flatMap((minutes) => [60, 300].map((flush) => [steps, minutes, flush, 0]))),
  ...[1, 10, 60].map((minutes) => [4, minutes, 60, 60]),
  ...[0, 60].flatMap((promised) => [5, 15, 30].map((flush) => [4, 10, flush, promised])),
] as [number, number, number, number][];
for (const [steps, minutes, flushSeconds, promisedSeconds] of SHAPES) {
  const events = eventsOfRun({ events: EVENTS_PER_RUN, minutes, steps, promisedSeconds });
  const { writeUnits, readUnits, checks, storedBytes } = await liveWritesOf(events, flushSeconds);
  const row = [steps, minutes, flushSeconds, promisedSeconds, writeUnits, readUnits, checks, storedBytes];
  console.log(`    [${row.join(', ')}],`);
}

function eventsOfRun(shape: RunShape): readonly Event[] {
  const text = seedRun(shape, START_MS).map((event) => JSON.stringify(event));
  return acceptRecords([Buffer.from(text.join('\n'))], '2025-11-03T12:00:00.000Z', acceptSettings).events;
}

console.log('  processor time of an event in DuckDB, over all threads');
for (const [name, value] of Object.entries(await statementTimes())) console.log(`    ${name} ${value.toFixed(2)}`);

console.log('  columnBytes, an event, as Parquet with zstd in a file of one tick');
for (const [table, columns] of Object.entries(await tableBytes())) {
  const total = Object.values(columns).reduce((sum, bytes) => sum + bytes, 0);
  console.log(`    ${table}: ${total.toFixed(1)} in all`);
  console.log(
    `    ${JSON.stringify(Object.fromEntries(Object.entries(columns).filter(([, bytes]) => bytes >= 0.05)))}`,
  );
}

/** The statements over the sent events, and a scan of many keys that looks for those of the sent events. */
function statementTimes(): Promise<Record<string, number>> {
  return withLake(async (engine, connection) => {
    const timed = async (work: () => Promise<unknown>): Promise<number> => {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const insertMicroseconds = (await timed(() => engine.query(statements.compactEvents, arrived))) / sent.length;
    const deriveMicroseconds = (await timed(() => derive(engine))) / sent.length;
    await connection.run(
      `create temp table known as select substr(md5(cast(i as varchar)), 1, 22) as event_key from range(${SCANNED}) r (i)`,
    );
    const scan = 'select count(*) from known join pipeline_logs using (event_key)';
    const scanMicroseconds = (await timed(() => connection.run(scan))) / SCANNED;
    return { insertMicroseconds, deriveMicroseconds, scanMicroseconds };
  });
}

function tableBytes(): Promise<Record<string, Record<string, number>>> {
  return withLake(async (engine, connection, root) => {
    await engine.query(statements.compactEvents, arrived);
    await derive(engine);
    const result: Record<string, Record<string, number>> = {};
    for (const [table, each] of [
      ['pipeline_logs', sent.length],
      ['pipeline_run_state', RUNS],
      ['pipeline_steps', (RUNS * (EVENTS_PER_RUN - 2)) / 2],
    ] as const) {
      const file = join(root, 'spill', `${table}.parquet`);
      await connection.run(`copy ${table} to '${file}' (format parquet, compression zstd)`);
      const reader = await connection.runAndReadAll(
        `select path_in_schema as name, sum(total_compressed_size) as bytes from parquet_metadata('${file}') group by 1 order by 2 desc`,
      );
      result[table] = Object.fromEntries(
        reader
          .getRowObjectsJson()
          .map((row) => [String(row.name), Math.round((Number(row.bytes) * 10) / each) / 10] as const),
      );
    }
    return result;
  });
}

async function derive(engine: QueryEngine): Promise<void> {
  const touched = { objects: [OBJECT], event_dates: DATES, log_dates: DATES, run_dates: DATES, ...EVERY_DAY };
  await engine.query(statements.summarizeRuns, touched);
  await engine.query(statements.summarizeSteps, touched);
}

/** A lake in which the sent events have landed. */
async function withLake<Result>(
  work: (engine: QueryEngine, connection: DuckDBConnection, root: string) => Promise<Result>,
): Promise<Result> {
  const root = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
  for (const folder of [dirname(OBJECT), 'rejected']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, OBJECT), landed);
  const database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude });
  try {
    const engine = await openQueryEngine(lakeOf(database));
    await engine.migrate();
    return await work(engine, await database.connect(), root);
  } finally {
    database.close();
    rmSync(root, { recursive: true, force: true });
  }
}
