import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { BESIDE, type Beside, openBeside, type TableName } from '../adapters/duckdb/beside.ts';
import { openQueryEngine } from '../adapters/duckdb/query-engine.ts';
import { openLiveStore } from '../adapters/sqlite/live-store.ts';
import { TABLES } from '../core/columns.ts';
import { aggregateMetrics } from '../core/flows/aggregate.ts';
import { replayObjects } from '../core/flows/replay.ts';
import { summarizeRuns } from '../core/flows/summarize.ts';
import type { RebuildOptions, RebuildReport, TableComparison } from './ledger-api.ts';
import type { LocalPorts } from './ports.ts';

const SUMMARIZE_BYTES = 2 * 1024 * 1024 * 1024;

/**
 * Builds the tables again from the raw lines, beside the real ones, and compares. Without `verify` what was built takes
 * the place of the old, unless lines are missing: then nothing is changed. Expects that nothing is due.
 */
export async function rebuild(ports: LocalPorts, dir: string, { day, verify }: RebuildOptions): Promise<RebuildReport> {
  const path = join(dir, 'rebuild.sqlite');
  removeStore(path);
  const live = openLiveStore(path);
  const beside = await openBeside(ports.database);
  try {
    const engine = await openQueryEngine(ports.database, BESIDE);
    await engine.migrate();
    const replay = { store: ports.store, live, engine, clock: ports.clock };
    const objects = await replayObjects(replay, day === undefined ? 'raw/' : `raw/dt=${day}/`);
    const { lines } = (await live.summary()).lines;
    const tables = await compare(beside, day === undefined ? undefined : objects);
    const identical = tables.every(
      (each) => each.checksum === each.rebuilt_checksum && each.rows === each.rebuilt_rows,
    );
    const report = { objects: objects.length, lines, identical, tables };
    if (verify || identical) return { ...report, swapped: false };
    await assertComplete(ports, objects, lines, day);
    if (day === undefined) await beside.swapAll();
    else await swapDay(ports, beside, objects);
    return { ...report, swapped: true };
  } finally {
    await beside.close();
    await live.close();
    removeStore(path);
  }
}

async function compare(beside: Beside, objects: readonly string[] | undefined): Promise<readonly TableComparison[]> {
  const names: readonly TableName[] = objects === undefined ? TABLES.map(({ name }) => name) : ['pipeline_logs'];
  const tables: TableComparison[] = [];
  for (const table of names) {
    const real = await beside.checksum('main', table, objects);
    const rebuilt = await beside.checksum(BESIDE, table, objects);
    tables.push({
      table,
      rows: real.rows,
      rebuilt_rows: rebuilt.rows,
      checksum: real.checksum,
      rebuilt_checksum: rebuilt.checksum,
    });
  }
  return tables;
}

/** Raw files that were damaged or removed must not take good rows with them. */
async function assertComplete(
  ports: LocalPorts,
  objects: readonly string[],
  lines: number,
  day?: string,
): Promise<void> {
  const recorded = await ports.live.recordedLines(day === undefined ? 'raw/' : `raw/dt=${day}/`);
  if (recorded <= lines) return;
  throw new Error(
    `the raw files hold ${lines} lines in ${objects.length} objects, but ${recorded} were recorded when they landed; nothing was changed: restore the missing files under raw/, then rebuild again`,
  );
}

/** The runs of the day are derived again: their objects are due for summarize once more. */
async function swapDay({ live, engine, clock }: LocalPorts, beside: Beside, objects: readonly string[]): Promise<void> {
  await beside.swapLogs(objects);
  await live.reopen(objects);
  while ((await summarizeRuns(engine, live, SUMMARIZE_BYTES)) > 0);
  while ((await aggregateMetrics(engine, live, clock.now())).length > 0);
}

const removeStore = (path: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
};
