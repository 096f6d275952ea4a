import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openDatabase } from '../adapters/duckdb/database.ts';
import { lakeOf } from '../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import { foldRuns } from '../core/run/run-fold.ts';
import type { Event } from '../core/schema/event.ts';
import { acceptRecords } from '../flows/accept.ts';
import { eventsOf } from '../flows/landed-events.ts';
import { trackRuns } from '../flows/track.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { statementsFor } from '../sql/statements.ts';
import { acceptSettings } from './accept-settings.ts';
import { liveWritesOf } from './live-writes.ts';
import { type RunShape, seedRun } from './seed-runs.ts';

/**
 * What `docs/cost.md` multiplies with prices: sizes of the seed's events on their way, what the live lane writes for a
 * run, what the columns of `pipeline_logs` weigh, and the time that functions need. Printed as `scripts/cost/measured.ts`
 * has them.
 */
const EVENTS_PER_RUN = 50;
const RUNS = 240;
const START_MS = Date.UTC(2025, 10, 3, 10);

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

console.log('  liveWrites: minutes a run, seconds to a landing: writes, write units, read units, stored bytes');
for (const steps of [4, 24])
  for (const minutes of [1, 10, 60])
    for (const flushSeconds of [60, 300]) {
      const events = eventsOfRun({ events: EVENTS_PER_RUN, minutes, steps });
      const { writes, writeUnits, readUnits, storedBytes } = await liveWritesOf(events, flushSeconds);
      console.log(
        `    { steps: ${steps}, minutes: ${minutes}, flushSeconds: ${flushSeconds}, writes: ${writes}, writeUnits: ${writeUnits}, readUnits: ${readUnits}, storedBytes: ${storedBytes} },`,
      );
    }

function eventsOfRun(shape: RunShape): readonly Event[] {
  const text = seedRun(shape, START_MS).map((event) => JSON.stringify(event));
  return acceptRecords([Buffer.from(text.join('\n'))], '2025-11-03T12:00:00.000Z', acceptSettings).events;
}

console.log('  columnBytes, an event, as Parquet with zstd in a file of one tick');
for (const [table, columns] of Object.entries(await tableBytes())) {
  const total = Object.values(columns).reduce((sum, bytes) => sum + bytes, 0);
  console.log(`    ${table}: ${total.toFixed(1)} in all`);
  console.log(
    `    ${JSON.stringify(Object.fromEntries(Object.entries(columns).filter(([, bytes]) => bytes >= 0.05)))}`,
  );
}

async function tableBytes(): Promise<Record<string, Record<string, number>>> {
  const root = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
  const object = 'raw/dt=2025-11-03/hh=12/a.ndjson';
  for (const folder of [dirname(object), 'rejected']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'rejected', 'none.ndjson'), '');
  writeFileSync(join(root, object), landed);
  const database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude });
  try {
    const engine = await openQueryEngine(lakeOf(database));
    await engine.migrate();
    const statements = statementsFor('duckdb');
    const dates = ['2025-11-03'];
    const touched = { objects: [object], event_dates: dates, log_dates: dates, run_dates: dates };
    const always = { from: ['0001-01-01'], before: ['9999-12-31'] };
    await engine.query(statements.compactEvents, {
      objects: [object],
      arrival_dates: dates,
      event_dates: dates,
      event_days: dates,
    });
    await engine.query(statements.summarizeRuns, { ...touched, ...always });
    await engine.query(statements.summarizeSteps, { ...touched, ...always });
    const connection = await database.connect();
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
  } finally {
    database.close();
    rmSync(root, { recursive: true, force: true });
  }
}
