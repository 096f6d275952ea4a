import { randomUUID } from 'node:crypto';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { ShadowTables } from '../../core/ports/shadow-tables.ts';
import type { TableName } from '../../core/schema/columns.ts';
import { REBUILT_TABLES, SHADOW_SUFFIX } from '../../core/schema/columns.ts';
import { lineTables } from '../../sql/athena-ddl.ts';
import { shadowStatements } from '../../sql/shadow.ts';
import { createTables } from './migrate.ts';
import type { AthenaOptions } from './options.ts';
import { openQueryEngine } from './query-engine.ts';
import { statementRunner } from './statement.ts';

/** Partition days of one statement: the engine keeps a file open for each that it writes, at most 100. */
const DAYS_PER_STATEMENT = 50;

/**
 * The shadow tables of a rebuild: the same names in a database of their own, on files of their own. They are only made
 * and dropped there; each real table is changed by one statement for some fifty days.
 */
export async function openShadowTables(options: AthenaOptions): Promise<ShadowTables> {
  const shadow = `${options.database}${SHADOW_SUFFIX}`;
  // Tokens do not name the database: without a try of its own, a statement would be answered by the real one's.
  const own: AthenaOptions = { ...options, database: shadow, tryName: randomUUID() };
  const real = openQueryEngine(options);
  const engine = openQueryEngine(own);
  const runInReal = statementRunner(options);
  await runInReal('create_shadow', `create schema if not exists ${shadow}`);
  // A rebuild that was killed may have left its tables.
  await clear(options, shadow);
  await createTables(own, statementRunner(own));
  return {
    engine,
    checksum: async (of, table, day) => {
      const statements = shadowStatements(table, shadow, day);
      const days = await daysOf(real, statements);
      const query = of === 'real' ? statements.realChecksum : statements.rebuiltChecksum;
      const [row] = await real.query(query, { days });
      return { rows: row?.row_count ?? 0, checksum: row?.checksum ?? '' };
    },
    swapAll: async () => {
      for (const { name } of REBUILT_TABLES) await swap(real, name, shadow);
    },
    swapLogs: (day) => swap(real, 'pipeline_logs', shadow, day),
    close: async () => {
      await clear(options, shadow);
      await statementRunner({ ...options, signal: undefined })('drop_shadow', `drop schema if exists ${shadow}`);
    },
  };
}

async function swap(real: QueryEngine, table: TableName, shadow: string, day?: string): Promise<void> {
  const statements = shadowStatements(table, shadow, day);
  const days = await daysOf(real, statements);
  for (let at = 0; at < days.length; at += DAYS_PER_STATEMENT) {
    const some = { days: days.slice(at, at + DAYS_PER_STATEMENT) };
    await real.query(statements.deleteDuplicates, some);
    await real.query(statements.replaceRows, some);
  }
}

const daysOf = async (real: QueryEngine, { days }: ReturnType<typeof shadowStatements>): Promise<readonly string[]> =>
  (await real.query(days, {})).flatMap(({ day }) => day ?? []);

/** Drops the shadow tables. An Iceberg table takes its files with it; a table of lines leaves them. */
async function clear(options: AthenaOptions, shadow: string): Promise<void> {
  // Also when the caller has cancelled: what was built must not stay.
  const run = statementRunner({ ...options, tryName: randomUUID(), signal: undefined });
  await Promise.all(
    [...REBUILT_TABLES, ...lineTables(options.bucket)].map(({ name }) =>
      run(`drop_${name}`, `drop table if exists ${shadow}.${name}`),
    ),
  );
}
