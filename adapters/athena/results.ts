import { type ColumnInfo, type Datum, GetQueryResultsCommand } from '@aws-sdk/client-athena';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import { deadlineIn } from './deadline.ts';
import type { AthenaOptions } from './options.ts';
import { retry } from './retry.ts';
import { valueFrom } from './values.ts';

/** "MaxResults … Maximum value of 1000" (Athena API reference, GetQueryResults). */
const ROWS_PER_PAGE = 1000;
const PAGE_TIMEOUT_MS = 60_000;

/**
 * The rows of an execution that succeeded, typed by the columns the query declares. Throws when a declared column is
 * missing, or a value is not of its type.
 */
export async function readRows<C extends Columns>(
  options: AthenaOptions,
  executionId: string,
  columns: C,
): Promise<readonly RowOf<C>[]> {
  const rows: RowOf<C>[] = [];
  let indexes: ReadonlyMap<string, number> | undefined;
  for await (const page of pagesOf(options, executionId)) {
    indexes ??= indexesOf(columns, page);
    for (const data of page.rows) rows.push(rowFrom(data, columns, indexes) as RowOf<C>);
  }
  return rows;
}

/** Up to 1000 rows, without the names of the columns. */
export interface ResultPage {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly (readonly Datum[])[];
}

/** The rows of an execution that succeeded, page by page, as Athena gives them. */
export async function* pagesOf(options: AthenaOptions, executionId: string): AsyncGenerator<ResultPage> {
  let columns: readonly ColumnInfo[] | undefined;
  let pageToken: string | undefined;
  do {
    const command = new GetQueryResultsCommand({
      QueryExecutionId: executionId,
      MaxResults: ROWS_PER_PAGE,
      NextToken: pageToken,
    });
    const deadline = deadlineIn(PAGE_TIMEOUT_MS, options.clock);
    const { ResultSet, NextToken } = await retry(options, deadline, () => options.client.send(command));
    let rows = ResultSet?.Rows ?? [];
    if (columns === undefined) {
      columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
      // The first row of a SELECT's first page names the columns (Athena API reference, GetQueryResults).
      rows = rows.slice(1);
    }
    yield { columns, rows: rows.map(({ Data = [] }) => Data) };
    pageToken = NextToken;
  } while (pageToken !== undefined);
}

function indexesOf(columns: Columns, page: ResultPage): ReadonlyMap<string, number> {
  const names = page.columns.map(({ Name }) => Name ?? '');
  const missing = Object.keys(columns).filter((name) => !names.includes(name));
  if (missing.length > 0) {
    throw new Error(`expected the columns ${Object.keys(columns).join(', ')}, got none named ${missing.join(', ')}`);
  }
  return new Map(names.map((name, index) => [name, index]));
}

const rowFrom = (
  data: readonly Datum[],
  columns: Columns,
  indexes: ReadonlyMap<string, number>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, { type }]) => [
      name,
      valueFrom(data[indexes.get(name) ?? -1]?.VarCharValue, type, name),
    ]),
  );
