import { randomUUID } from 'node:crypto';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { ShadowTables } from '../../core/ports/shadow-tables.ts';
import type { TableName } from '../../core/schema/columns.ts';
import { SHADOW_SUFFIX, TABLES } from '../../core/schema/columns.ts';
import { lineTables } from '../../sql/athena-ddl.ts';
import { shadowStatements } from '../../sql/shadow.ts';
import { createTables } from './migrate.ts';
import type { AthenaOptions } from './options.ts';
import { openQueryEngine } from './query-engine.ts';
import { statementRunner } from './statement.ts';

/** Partition days of one statement: an engine keeps a file open for each it writes, at most 100. */
const DAYS_PER_STATEMENT = 50;

/**
 * Tables beside the real ones: the same names in a database of their own, on files of their own. Making and dropping
 * them is all that happens there; the real ones change by one statement each for some fifty days.
 */
export async function openShadowTables(options: AthenaOptions): Promise<ShadowTables> {
  const beside = `${options.database}${SHADOW_SUFFIX}`;
  // A token is of one database: what this try asked of the real one must not answer here.
  const own: AthenaOptions = { ...options, database: beside, tryName: randomUUID() };
  const real = openQueryEngine(options);
  const engine = openQueryEngine(own);
  const runInReal = statementRunner(options);
  await runInReal('create_beside', `create schema if not exists ${beside}`);
  // What a rebuild left that was killed.
  await clear(options, beside);
  await createTables(own, statementRunner(own));
  return {
    engine,
    checksum: async (of, table, day) => {
      const statements = shadowStatements(table, beside, day);
      const days = await daysOf(real, statements);
      const query = of === 'real' ? statements.realChecksum : statements.rebuiltChecksum;
      const [row] = await real.query(query, { days });
      return { rows: row?.row_count ?? 0, checksum: row?.checksum ?? '' };
    },
    swapAll: async () => {
      for (const { name } of TABLES) await swap(real, name, beside);
    },
    swapLogs: (day) => swap(real, 'pipeline_logs', beside, day),
    close: async () => {
      await clear(options, beside);
      await statementRunner({ ...options, signal: undefined })('drop_beside', `drop schema if exists ${beside}`);
    },
  };
}

async function swap(real: QueryEngine, table: TableName, beside: string, day?: string): Promise<void> {
  const statements = shadowStatements(table, beside, day);
  const days = await daysOf(real, statements);
  for (let at = 0; at < days.length; at += DAYS_PER_STATEMENT) {
    const some = { days: days.slice(at, at + DAYS_PER_STATEMENT) };
    await real.query(statements.deleteDuplicates, some);
    await real.query(statements.replaceRows, some);
  }
}

const daysOf = async (real: QueryEngine, { days }: ReturnType<typeof shadowStatements>): Promise<readonly string[]> =>
  (await real.query(days, {})).flatMap(({ day }) => day ?? []);

/** An Iceberg table takes its files with it, a table of lines leaves them where they lie. */
async function clear(options: AthenaOptions, beside: string): Promise<void> {
  // Cancelled or not, what was built must not stay.
  const run = statementRunner({ ...options, tryName: randomUUID(), signal: undefined });
  await Promise.all(
    [...TABLES, ...lineTables(options.bucket)].map(({ name }) =>
      run(`drop_${name}`, `drop table if exists ${beside}.${name}`),
    ),
  );
}
