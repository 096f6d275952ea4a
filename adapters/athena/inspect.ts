import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { lineTables } from '../../sql/athena-ddl.ts';
import { alterationsOf } from './alterations.ts';
import { readCatalog } from './catalog.ts';
import type { AthenaOptions } from './options.ts';
import { statementRunner } from './statement.ts';

/** How the tables differ from what the ledger needs. */
export interface TableFindings {
  /** Tables and views that are not there. */
  readonly missing: readonly string[];
  /** `table.column` of columns that are not there. */
  readonly missing_columns: readonly string[];
  /** What people changed so that the ledger cannot use it any more, a sentence each. */
  readonly alterations: readonly string[];
}

/** Compares the tables of the database with `core/schema/columns.ts`. Changes nothing; runs at most one query. */
export async function inspectTables(options: AthenaOptions): Promise<TableFindings> {
  const catalog = await readCatalog(options, statementRunner(options));
  const expected = [...lineTables(options.bucket), ...TABLES, ...VIEWS].map(({ name }) => name);
  return {
    missing: expected.filter((name) => !catalog.tables.has(name)),
    missing_columns: TABLES.flatMap(({ name, columns }) => {
      const found = catalog.columns.get(name);
      if (found === undefined) return [];
      return Object.keys(columns).flatMap((column) => (found.has(column) ? [] : [`${name}.${column}`]));
    }),
    alterations: alterationsOf(catalog, options.bucket),
  };
}
