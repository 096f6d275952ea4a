import { ListTableMetadataCommand, type TableMetadata } from '@aws-sdk/client-athena';
import { TABLES } from '../../core/schema/columns.ts';
import { findColumns } from '../../sql/catalog.ts';
import { render } from '../../sql/define-query.ts';
import { deadlineIn } from './deadline.ts';
import type { AthenaOptions } from './options.ts';
import { readRows } from './results.ts';
import { retry } from './retry.ts';
import type { RunStatement } from './statement.ts';

/** The tables and views that the database has already. */
export interface Catalog {
  /** Tables and views of any kind, by name, as the catalog describes them. */
  readonly tables: ReadonlyMap<string, TableMetadata>;
  /** Column types of the ledger's Iceberg tables that are there, by table and column, as the engine reads them. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads the catalog of the ledger's database. Columns are asked of the engine: the catalog keeps columns that an Iceberg
 * table has dropped.
 */
export async function readCatalog(options: AthenaOptions, runStatement: RunStatement): Promise<Catalog> {
  const tables = await findTables(options);
  const existing = TABLES.map(({ name }) => name).filter((name) => tables.has(name));
  const columns = new Map(existing.map((name) => [name as string, new Map<string, string>()]));
  if (existing.length > 0) {
    const text = render(findColumns, { database: options.database, tables: existing });
    const executionId = await runStatement(findColumns.name, text);
    for (const row of await readRows(options, executionId, findColumns.columns)) {
      columns.get(row.table_name ?? '')?.set(row.column_name ?? '', row.data_type ?? '');
    }
  }
  return { tables, columns };
}

const LIST_TIMEOUT_MS = 60_000;

/** Tables and views of the database by name, page by page within a minute. */
export async function findTables(options: AthenaOptions): Promise<ReadonlyMap<string, TableMetadata>> {
  const tables = new Map<string, TableMetadata>();
  const deadline = deadlineIn(LIST_TIMEOUT_MS, options.clock);
  let pageToken: string | undefined;
  do {
    const command = new ListTableMetadataCommand({
      CatalogName: 'AwsDataCatalog',
      DatabaseName: options.database,
      WorkGroup: options.workGroup,
      NextToken: pageToken,
    });
    const page = await retry(options, deadline, () => options.client.send(command));
    for (const table of page.TableMetadataList ?? []) if (table.Name !== undefined) tables.set(table.Name, table);
    pageToken = page.NextToken;
  } while (pageToken !== undefined);
  return tables;
}
