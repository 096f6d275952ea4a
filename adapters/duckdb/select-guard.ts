import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { tableAdvice } from '../../core/query-advice.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { assertBounded } from './growing-functions.ts';
import { ctesOf, lowerCased, type Node, visitNodes } from './scopes.ts';

/** What people may read: the tables and views, by name. */
const READABLE: ReadonlySet<string> = new Set([...TABLES, ...VIEWS].map(({ name }) => name));

/** The only table functions that read nothing but their arguments. */
const HARMLESS_TABLE_FUNCTIONS = new Set(['unnest', 'range', 'generate_series']);
/** Functions that show the process, change state, read a text as SQL, or wait, rather than compute. */
const REFUSED_FUNCTIONS = new Set([
  'getenv',
  'getvariable',
  'current_setting',
  'nextval',
  'currval',
  'setseed',
  'write_log',
  'sleep_ms',
  'json_execute_serialized_sql',
  'json_serialize_plan',
]);
/** The schemas of the readable tables, as a text may name them. */
const OWN_SCHEMAS: ReadonlySet<string> = new Set(['', 'main']);
/** Elsewhere `main` is any other database. */
const NO_SCHEMA: ReadonlySet<string> = new Set(['']);

/**
 * Passes one SELECT over the readable tables and views, or throws `QueryRejectedError`. DuckDB's own parser reads it, so
 * that guard and engine cannot understand it differently.
 */
export async function assertReadOnly(
  connection: DuckDBConnection,
  sql: string,
  schemas: ReadonlySet<string> = OWN_SCHEMAS,
): Promise<void> {
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar) as tree', [sql]);
  const tree = JSON.parse(String(reader.getRowObjectsJson()[0]?.tree)) as ParsedSql;
  if (tree.error) {
    const isOther = tree.error_type === 'not implemented';
    throw new QueryRejectedError(
      `expected one SELECT, got ${isOther ? 'another statement' : `a text that cannot be read: ${tree.error_message}`}`,
    );
  }
  if (tree.statements.length !== 1) {
    throw new QueryRejectedError(`expected one SELECT, got ${tree.statements.length} statements; send them one by one`);
  }
  // What stands where a table may stand is no value.
  const tableCalls = new Set<unknown>();
  visitNodes(tree.statements, (node, visible) => {
    assertNames(node);
    if (node.type === 'BASE_TABLE') assertTable(node, visible, schemas);
    else if (node.type === 'TABLE_FUNCTION') tableCalls.add(assertTableFunction(node));
    else if (node.type === 'SHOW_REF') {
      throw new QueryRejectedError(`expected a SELECT; the tables and views are ${[...READABLE].join(', ')}`);
    } else if (node.class === 'FUNCTION' && !tableCalls.has(node)) assertFunction(node);
  });
}

/**
 * The same guard for a SELECT that another engine is to run, on a DuckDB that holds nothing. A comment within a comment
 * is refused beforehand: DuckDB and Trino end it at different points, and what lies between would be SQL to one of them and
 * a comment to the other.
 */
export async function assertReadOnlyElsewhere(sql: string): Promise<void> {
  for (const [token] of sql.matchAll(TOKENS)) {
    if (token.startsWith('/*') && token.includes('/*', 2)) {
      throw new QueryRejectedError('expected comments that stand apart, got one within another; take it out');
    }
  }
  const instance = await DuckDBInstance.create(':memory:');
  try {
    const connection = await instance.connect();
    await assertReadOnly(connection, sql, NO_SCHEMA);
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}

/** Comments up to where the first of their ends stands, and quoted text, in which there are none. */
const TOKENS = /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"/g;

interface ParsedSql extends Node {
  readonly error: boolean;
  readonly error_message?: string;
  readonly error_type?: string;
  readonly statements: readonly Node[];
}

/** A name that is a path, or a table of metadata, is never needed, and could be read where this guard is wrong. */
function assertNames(node: Node): void {
  for (const name of ctesOf(node)) {
    if (!/^[a-z_]\w*$/i.test(name)) {
      throw new QueryRejectedError(`expected names after with of letters, digits and _, got ${shown(name)}`);
    }
  }
}

function assertTableFunction({ function: call }: Node): unknown {
  const name = functionName(call as Node);
  if (HARMLESS_TABLE_FUNCTIONS.has(name)) return call;
  throw new QueryRejectedError(
    `the table function ${name} is not available here; read one of ${[...READABLE].join(', ')}`,
  );
}

function assertFunction(node: Node): void {
  const name = functionName(node);
  if (REFUSED_FUNCTIONS.has(name)) throw new QueryRejectedError(`the function ${name} is not available here`);
  assertBounded(name, node);
}

/** A name alone is a CTE first; behind a schema it never is. */
function assertTable(node: Node, visible: ReadonlySet<string>, schemas: ReadonlySet<string>): void {
  const [catalog, schema, name] = [node.catalog_name, node.schema_name, node.table_name].map((part) =>
    lowerCased(String(part ?? '')),
  ) as [string, string, string];
  const isAlone = catalog === '' && schema === '';
  if (isAlone && visible.has(name)) return;
  if (catalog === '' && schemas.has(schema) && READABLE.has(name)) return;
  const written = [catalog, schema, name].filter((part) => part !== '').join('.');
  throw new QueryRejectedError(`there is no table or view ${shown(written)} to read; ${tableAdvice(name)}`);
}

const functionName = (node: Node | undefined): string => lowerCased(String(node?.function_name));

const shown = (name: string): string => (name.length > 80 ? `${name.slice(0, 80)}…` : name);
