import type { DuckDBConnection } from '@duckdb/node-api';
import { TABLES } from '../../core/schema/columns.ts';
import { addColumn, createTable, createViews } from '../../sql/ddl.ts';
import { typeName } from '../../sql/type-names.ts';
import { rejectedLinesView } from './raw-lines.ts';

/**
 * Creates missing tables, adds new columns and replaces the views of a schema; returns what it did, a phrase each. A
 * second run changes nothing; nothing is ever dropped.
 */
export async function migrate(connection: DuckDBConnection, root: string, schema: string): Promise<readonly string[]> {
  const done: string[] = [];
  if (await hasTable(connection, schema, 'pipeline_step_state')) {
    // It held the steps before there was a view of that name, which knows the clock.
    await connection.run('alter table pipeline_step_state rename to pipeline_steps');
    done.push('renamed table pipeline_step_state to pipeline_steps');
  }
  for (const table of TABLES) {
    const known = await columnsOf(connection, schema, table.name);
    if (known.size === 0) {
      await connection.run(createTable(table, 'duckdb'));
      done.push(`created table ${table.name}`);
      continue;
    }
    for (const [name, column] of Object.entries(table.columns)) {
      const type = typeName(column.type, 'duckdb');
      if (known.has(name)) continue;
      await connection.run(addColumn(table.name, name, type));
      done.push(`added column ${table.name}.${name}`);
    }
  }
  await connection.run(rejectedLinesView(root));
  for (const view of createViews('duckdb')) await connection.run(view.text);
  return done;
}

async function columnsOf(connection: DuckDBConnection, schema: string, table: string): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(
    `select column_name from duckdb_columns() where schema_name = '${schema}' and table_name = '${table}'`,
  );
  return new Set(reader.getRowObjectsJson().map((row) => String(row.column_name)));
}

async function hasTable(connection: DuckDBConnection, schema: string, table: string): Promise<boolean> {
  const reader = await connection.runAndReadAll(
    `select 1 from duckdb_tables() where schema_name = '${schema}' and table_name = '${table}'`,
  );
  return reader.currentRowCount > 0;
}
