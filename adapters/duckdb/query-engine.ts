import type { DuckDBConnection } from '@duckdb/node-api';
import { errorMessage } from '../../core/error-message.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { rawLinesView } from './raw-lines.ts';
import { rowFrom } from './values.ts';

/**
 * The ledger's own queries, one at a time on one connection: there is one writer, and the view `raw_lines` fits one query
 * at a time. Any schema but `main` is emptied first.
 */
export async function openQueryEngine(database: Database, schema = 'main'): Promise<QueryEngine> {
  const connection = await database.connect();
  if (schema !== 'main') {
    await connection.run(`drop schema if exists ${schema} cascade`);
    await connection.run(`create schema ${schema}`);
    await connection.run(`use ${schema}`);
  }
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  return {
    dialect: 'duckdb',
    query: (query, values) => inTurn(() => run(connection, database.root, query, values)),
    migrate: () => inTurn(() => migrate(connection, database.root, schema)),
  };
}

async function run<P extends Parameters, C extends Columns>(
  connection: DuckDBConnection,
  root: string,
  query: Query<P, C>,
  values: Arguments<P>,
): Promise<readonly RowOf<C>[]> {
  try {
    for (const [name, kind] of Object.entries(query.parameters)) {
      if (kind === 'objects') await connection.run(rawLinesView(root, values[name] as readonly string[]));
    }
    const reader = await connection.runAndReadAll(render(query, values));
    if (Object.keys(query.columns).length === 0) return [];
    return reader.getRowObjectsJson().map((row) => rowFrom(row, query.columns) as RowOf<C>);
  } catch (cause) {
    throw new Error(`query ${query.name} failed: ${errorMessage(cause)}`, { cause });
  }
}
