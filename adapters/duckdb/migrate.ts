import { TABLES } from '../../core/schema/columns.ts';
import { addColumn, createTable, createViews } from '../../sql/ddl.ts';
import { typeName } from '../../sql/type-names.ts';
import type { Lake } from './lake.ts';
import { quoted } from './quoted.ts';
import { lineViews } from './raw-lines.ts';

/**
 * Creates missing tables, adds new columns and replaces the views of a schema; returns what it did, a phrase each. A
 * second run changes nothing; nothing is ever dropped.
 */
export async function migrate(lake: Lake, schema: string): Promise<readonly string[]> {
  const done: string[] = [];
  await renameSteps(lake, schema, done);
  const known = await knownColumns(lake, schema);
  const statements: string[] = [];
  for (const table of TABLES) {
    const columns = known.get(table.name);
    if (columns === undefined) {
      statements.push(createTable(table, 'duckdb'));
      done.push(`created table ${table.name}`);
      continue;
    }
    for (const [name, column] of Object.entries(table.columns)) {
      if (columns.has(name)) continue;
      statements.push(addColumn(table.name, name, typeName(column.type, 'duckdb')));
      done.push(`added column ${table.name}.${name}`);
    }
  }
  await lake.run(schema, [
    'begin transaction',
    ...statements,
    ...lineViews(lake.root),
    ...createViews('duckdb').map(({ text }) => text),
    'commit',
  ]);
  return done;
}

async function knownColumns(lake: Lake, schema: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await lake.run(schema, [
    `select table_name, column_name from duckdb_columns() where schema_name = ${quoted(schema)}`,
  ]);
  const known = new Map<string, Set<string>>();
  for (const { table_name, column_name } of rows) {
    const table = String(table_name);
    known.set(table, (known.get(table) ?? new Set()).add(String(column_name)));
  }
  return known;
}

/** The table held the steps before there was a view of that name, which knows the clock. */
async function renameSteps(lake: Lake, schema: string, done: string[]): Promise<void> {
  const old = 'pipeline_step_state';
  const found = `select 1 from duckdb_tables() where schema_name = ${quoted(schema)} and table_name = ${quoted(old)}`;
  if ((await lake.run(schema, [found])).length === 0) return;
  await lake.run(schema, [`alter table ${old} rename to pipeline_steps`]);
  done.push(`renamed table ${old} to pipeline_steps`);
}
