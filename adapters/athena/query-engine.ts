import { errorMessage } from '../../core/error-message.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../../core/typed-query.ts';
import { render } from '../../sql/define-query.ts';
import { migrate } from './migrate.ts';
import type { AthenaOptions } from './options.ts';
import { readRows } from './results.ts';
import { type RunStatement, statementRunner } from './statement.ts';

/**
 * The ledger's own queries on Athena. They may run side by side; the caller sees to it that each table has one writer.
 * Throws a TypeError when the bucket is no name of one.
 */
export function openQueryEngine(options: AthenaOptions): QueryEngine {
  if (!/^[a-z0-9.-]{3,63}$/.test(options.bucket)) {
    throw new TypeError(`expected the name of the lake's bucket, got ${options.bucket}`);
  }
  const runStatement = statementRunner(options);
  return {
    dialect: 'trino',
    query: (query, values) => run(options, runStatement, query, values),
    migrate: () => migrate(options, runStatement),
  };
}

async function run<P extends Parameters, C extends Columns>(
  options: AthenaOptions,
  runStatement: RunStatement,
  query: Query<P, C>,
  values: Arguments<P>,
): Promise<readonly RowOf<C>[]> {
  const executionId = await runStatement(query.name, render(query, withPaths(query, values, options.bucket)));
  if (Object.keys(query.columns).length === 0) return [];
  try {
    return await readRows(options, executionId, query.columns);
  } catch (cause) {
    const why = errorMessage(cause);
    throw new Error(`query ${query.name} cannot be read: ${why} (execution ${executionId})`, { cause });
  }
}

/** Callers name objects by their keys; Athena's `"$path"` is a whole address. */
function withPaths<P extends Parameters>(query: Query<P>, values: Arguments<P>, bucket: string): Arguments<P> {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    query.parameters[name] === 'objects'
      ? (value as readonly string[]).map((object) => `s3://${bucket}/${object}`)
      : value,
  ]);
  return Object.fromEntries(entries) as Arguments<P>;
}
