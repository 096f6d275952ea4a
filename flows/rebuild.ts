import { rawFolder } from '../core/object-keys.ts';
import { reopened } from '../core/objects/object-change.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { ObjectStore } from '../core/ports/object-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { ShadowTables } from '../core/ports/shadow-tables.ts';
import type { RebuildOptions, RebuildReport, TableComparison } from '../core/rebuild-report.ts';
import type { TableName } from '../core/schema/columns.ts';
import { REBUILT_TABLES } from '../core/schema/columns.ts';
import { aggregateMetrics } from './aggregate.ts';
import type { StatementLimits } from './catch-up.ts';
import { drain } from './drain.ts';
import { forgottenObjects } from './forget.ts';
import { recordAllChanges } from './record-changes.ts';
import { rederiveObjects } from './rederive.ts';
import { summarizeRuns } from './summarize.ts';

/** The real tables, what they are built from, and how to open those that are built beside them. */
export interface RebuildPorts {
  readonly store: ObjectStore;
  readonly live: LiveStore;
  readonly engine: QueryEngine;
  readonly clock: Clock;
  readonly limits: StatementLimits;
  /** Opens empty tables and an empty live store beside the real ones. */
  readonly openShadowTables: () => Promise<ShadowTables>;
  readonly openShadowLive: () => LiveStore;
  /** Objects that the real tables cannot hold yet, because they are on their way: the rebuild leaves them out. */
  readonly isOnItsWay?: (object: string) => boolean;
}

/**
 * Builds the tables again from the raw lines, beside the real ones, and compares. Without `verify` what was built takes
 * the place of the old. Throws, and changes nothing, when lines are missing from the raw files. Expects that nothing is
 * due and that no other process writes the tables.
 */
export async function rebuild(ports: RebuildPorts, { day, verify }: RebuildOptions): Promise<RebuildReport> {
  const live = ports.openShadowLive();
  try {
    const beside = await ports.openShadowTables();
    try {
      const prefix = rawFolder(day);
      const { clock, limits } = ports;
      const shadow = {
        store: settled(ports, await forgottenObjects(ports.store)),
        live,
        engine: beside.engine,
        clock,
        limits,
      };
      const objects = await rederiveObjects(shadow, prefix);
      const { lines: counts, parked } = await live.summary();
      const { lines } = counts;
      const tables = await compare(beside, day);
      const identical = tables.every(isSame);
      const report = { objects: objects.length, lines, identical, tables, parked };
      if (verify) return { ...report, swapped: false };
      if (identical) {
        // A rebuild that was killed after it had put its tables in place left this to the next one.
        if (day === undefined) await recordAllChanges(ports);
        return { ...report, swapped: false };
      }
      await assertComplete(ports, prefix, objects.length, lines);
      if (day === undefined) {
        await beside.swapAll();
        await recordAllChanges(ports);
      } else await swapDay(ports, beside, day, objects);
      return { ...report, swapped: true };
    } finally {
      await beside.close();
    }
  } finally {
    await live.close();
  }
}

/** Without the objects that no table is to hold: they are on their way, or a person decided so. */
const settled = ({ store, isOnItsWay = () => false }: RebuildPorts, forgotten: ReadonlySet<string>): ObjectStore => ({
  ...store,
  list: async function* (prefix) {
    for await (const object of store.list(prefix))
      if (!isOnItsWay(object.key) && !forgotten.has(object.key)) yield object;
  },
});

const isSame = (each: TableComparison): boolean =>
  each.checksum === each.rebuilt_checksum && each.rows === each.rebuilt_rows;

async function compare(beside: ShadowTables, day: string | undefined): Promise<readonly TableComparison[]> {
  const names: readonly TableName[] = day === undefined ? REBUILT_TABLES.map(({ name }) => name) : ['pipeline_logs'];
  const tables: TableComparison[] = [];
  for (const table of names) {
    const real = await beside.checksum('real', table, day);
    const rebuilt = await beside.checksum('rebuilt', table, day);
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
async function assertComplete({ live }: RebuildPorts, prefix: string, objects: number, lines: number): Promise<void> {
  const recorded = await live.recordedLines(prefix);
  if (recorded <= lines) return;
  throw new Error(
    `the raw files hold ${lines} lines in ${objects} objects, but ${recorded} were recorded when they landed; nothing was changed: restore the missing files under raw/, then rebuild again`,
  );
}

/** The runs of the day are derived again: their objects are due for summarize once more. */
async function swapDay(
  { live, engine, store, clock, limits }: RebuildPorts,
  beside: ShadowTables,
  day: string,
  objects: readonly string[],
): Promise<void> {
  await beside.swapLogs(day);
  await live.changeObjects(objects, reopened);
  await drain(() => summarizeRuns({ engine, live, store, clock }, limits.summarizeBytes));
  await drain(() => aggregateMetrics(engine, live, clock.now()));
}
