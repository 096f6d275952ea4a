import { errorMessage } from '../../core/error-message.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import type { Lake } from './lake.ts';
import { migrate } from './migrate.ts';
import { rawLinesView } from './raw-lines.ts';
import { rowFrom } from './values.ts';

/**
 * The ledger's own queries, one at a time: there is one writer, and the view `raw_lines` fits one query. Any schema but
 * `main` is emptied first.
 */
export async function openQueryEngine(lake: Lake, schema = 'main'): Promise<QueryEngine> {
  if (schema !== 'main') {
    await lake.run('main', [`drop schema if exists ${schema} cascade`, `create schema ${schema}`]);
  }
  return {
    dialect: 'duckdb',
    query: (query, values) => run(lake, schema, query, values),
    migrate: () => migrate(lake, schema),
  };
}

async function run<P extends Parameters, C extends Columns>(
  lake: Lake,
  schema: string,
  query: Query<P, C>,
  values: Arguments<P>,
): Promise<readonly RowOf<C>[]> {
  try {
    const views = Object.entries(query.parameters).flatMap(([name, kind]) =>
      kind === 'objects' ? [rawLinesView(lake.root, values[name] as readonly string[])] : [],
    );
    const rows = await lake.run(schema, [...views, render(query, values)]);
    if (Object.keys(query.columns).length === 0) return [];
    return rows.map((row) => rowFrom(row, query.columns) as RowOf<C>);
  } catch (cause) {
    throw new Error(`query ${query.name} failed: ${errorMessage(cause)}`, { cause });
  }
}
