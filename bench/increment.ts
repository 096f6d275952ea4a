import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Database, openDatabase } from '../adapters/duckdb/database.ts';
import { lakeOf } from '../adapters/duckdb/lake.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { rawLinesView } from '../adapters/duckdb/raw-lines.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { Query } from '../core/typed-query.ts';
import { acceptRecords } from '../flows/accept.ts';
import { render } from '../sql/define-query.ts';
import prelude from '../sql/duckdb-prelude.sql';
import { EVERY_DAY, statementsFor } from '../sql/statements.ts';
import { acceptSettings } from './accept-settings.ts';
import { seedEvent } from './seed-events.ts';

/**
 * What a second tick reads: the same few new events on top of one day of history and of sixty. Counted in rows that
 * DuckDB's own profile says each statement scanned.
 */
const EVENTS_PER_DAY = 10_000;
const NEW_EVENTS = 100;
const DAY_MS = 86_400_000;
const LAST_DAY_MS = Date.UTC(2025, 10, 3, 1);

const statements = statementsFor('duckdb');

const results: Record<string, number>[] = [];
for (const days of [1, 60]) results.push(await scannedWith(days));
console.log(
  `increment: ${NEW_EVENTS} new events on ${EVENTS_PER_DAY.toLocaleString('en')} a day; rows scanned by each statement`,
);
console.log('  statement           1 day of history   60 days');
for (const name of Object.keys(results[0] ?? {})) {
  console.log(
    `  ${name.padEnd(19)} ${String(results[0]?.[name]).padStart(17)} ${String(results[1]?.[name]).padStart(9)}`,
  );
}
function total(result: Record<string, number> | undefined): number {
  return Object.values(result ?? {}).reduce((a, b) => a + b, 0);
}
console.log(
  `increment ratio, 60 days to 1: ${(total(results[1]) / total(results[0])).toFixed(2)} for 60 times the history (DuckDB skips whole groups of 16,384 rows, so a day that shares its group with its neighbours reads them too)`,
);

async function scannedWith(days: number): Promise<Record<string, number>> {
  const root = mkdtempSync(join(tmpdir(), 'runledger-bench-'));
  const database = await openDatabase({ path: join(root, 'lake.duckdb'), root, prelude });
  try {
    const engine = await openQueryEngine(lakeOf(database));
    await engine.migrate();
    for (let day = days - 1; day >= 0; day--) {
      const startMs = LAST_DAY_MS - day * DAY_MS;
      await insertLines(engine, land(root, `history-${day}`, startMs, day * EVENTS_PER_DAY, EVENTS_PER_DAY), startMs);
    }
    const object = land(root, 'new', LAST_DAY_MS, days * EVENTS_PER_DAY, NEW_EVENTS);
    return await scanned(database, root, object);
  } finally {
    database.close();
    rmSync(root, { recursive: true, force: true });
  }
}

function land(root: string, name: string, startMs: number, from: number, count: number): string {
  const object = `raw/dt=2025-11-03/hh=00/${name}.ndjson`;
  const record = Array.from({ length: count }, (_, at) => {
    const event = seedEvent(from + at, 0);
    const at0 = new Date(startMs + at).toISOString();
    return JSON.stringify({ ...event, start_time: at0, end_time: undefined, created_at: at0, updated_at: at0 });
  }).join('\n');
  const { lines } = acceptRecords([Buffer.from(record)], '2025-11-03T12:00:00.000Z', acceptSettings);
  mkdirSync(dirname(join(root, object)), { recursive: true });
  writeFileSync(join(root, object), `${lines.join('\n')}\n`);
  return object;
}

function valuesOf(object: string, startMs: number) {
  const dates = [new Date(startMs).toISOString().slice(0, 10)];
  return {
    objects: [object],
    arrival_dates: ['2025-11-03'],
    event_dates: dates,
    event_days: dates,
    log_dates: dates,
    run_dates: dates,
    ...EVERY_DAY,
    known_number: 0,
    now: '2025-11-04T00:00:00.000Z',
  };
}

async function insertLines(engine: QueryEngine, object: string, startMs: number): Promise<void> {
  const values = valuesOf(object, startMs);
  await engine.query(statements.compactEvents, values);
  await engine.query(statements.summarizeRuns, values);
  await engine.query(statements.summarizeSteps, values);
  await engine.query(statements.recordChanges, values);
  await engine.query(statements.aggregateMetrics, values);
}

async function scanned(database: Database, root: string, object: string): Promise<Record<string, number>> {
  const connection = await database.connect();
  const values = valuesOf(object, LAST_DAY_MS);
  await connection.run(rawLinesView(root, [object]));
  const rows: Record<string, number> = {};
  for (const name of [
    'compactEvents',
    'countLines',
    'summarizeRuns',
    'summarizeSteps',
    'recordChanges',
    'aggregateMetrics',
  ] as const) {
    rows[name] = await rowsScanned(connection, render(statements[name] as Query, values));
  }
  return rows;
}

async function rowsScanned(connection: DuckDBConnection, sql: string): Promise<number> {
  const reader = await connection.runAndReadAll(`explain (analyze, format json) ${sql}`);
  const profile = JSON.parse(String(reader.getRowsJson()[0]?.[1])) as Profile;
  return sumOf(profile);
}

interface Profile {
  readonly operator_rows_scanned?: number;
  readonly children?: readonly Profile[];
}

function sumOf(node: Profile): number {
  return (node.operator_rows_scanned ?? 0) + (node.children ?? []).reduce((sum, child) => sum + sumOf(child), 0);
}
