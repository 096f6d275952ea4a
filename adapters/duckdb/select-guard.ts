import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { QueryRejectedError } from '../../core/ports/answer-engine.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';

/** What people may read: the tables and views, by name. */
const READABLE: ReadonlySet<string> = new Set([...TABLES, ...VIEWS].map(({ name }) => name));

/** The only table functions that read nothing but their arguments. */
const HARMLESS_TABLE_FUNCTIONS = new Set(['unnest', 'range', 'generate_series']);
/** Functions that show the process or change state rather than compute. */
const REFUSED_FUNCTIONS = new Set([
  'getenv',
  'getvariable',
  'current_setting',
  'nextval',
  'currval',
  'setseed',
  'write_log',
  'json_execute_serialized_sql',
]);

/**
 * Passes one SELECT over the readable tables and views, or throws `QueryRejectedError`. DuckDB's own parser reads it, so
 * that guard and engine cannot understand it differently.
 */
export async function assertReadOnly(connection: DuckDBConnection, sql: string): Promise<void> {
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
  const withNames = new Set<string>();
  for (const node of nodesOf(tree)) {
    const { map } = (node.cte_map ?? {}) as { map?: readonly { key: string }[] };
    for (const { key } of map ?? []) withNames.add(key.toLowerCase());
  }
  for (const node of nodesOf(tree)) assertNode(node, withNames);
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
    await assertReadOnly(connection, sql);
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

type Node = Readonly<Record<string, unknown>>;

function assertNode(node: Node, withNames: ReadonlySet<string>): void {
  if (node.type === 'BASE_TABLE') {
    const name = String(node.table_name).toLowerCase();
    const elsewhere = [node.schema_name, node.catalog_name].some(
      (part) => part !== '' && part !== 'main' && part !== undefined,
    );
    if (elsewhere || !(READABLE.has(name) || withNames.has(name))) {
      throw new QueryRejectedError(`there is no table or view ${name} to read; there are ${[...READABLE].join(', ')}`);
    }
  } else if (node.type === 'TABLE_FUNCTION') {
    const name = functionName(node.function as Node);
    if (!HARMLESS_TABLE_FUNCTIONS.has(name)) {
      throw new QueryRejectedError(
        `the table function ${name} is not available here; read one of ${[...READABLE].join(', ')}`,
      );
    }
  } else if (node.type === 'SHOW_REF') {
    throw new QueryRejectedError(`expected a SELECT; the tables and views are ${[...READABLE].join(', ')}`);
  } else if (node.class === 'FUNCTION' && REFUSED_FUNCTIONS.has(functionName(node))) {
    throw new QueryRejectedError(`the function ${functionName(node)} is not available here`);
  }
}

const functionName = (node: Node | undefined): string => String(node?.function_name).toLowerCase();

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const element of value) yield* nodesOf(element);
  } else if (typeof value === 'object' && value !== null) {
    yield value as Node;
    for (const child of Object.values(value)) yield* nodesOf(child);
  }
}
