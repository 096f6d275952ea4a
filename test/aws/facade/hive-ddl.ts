import { type Tokens, tokensOf } from './hive-tokens.ts';

/** A type as Hive's grammar nests it. */
export type HiveType =
  | { readonly name: string }
  | { readonly array: HiveType }
  | { readonly map: readonly [HiveType, HiveType] }
  | { readonly struct: readonly HiveColumn[] };

export interface HiveColumn {
  readonly name: string;
  readonly type: HiveType;
}

/** A statement of Athena's DDL, taken apart. */
export type HiveStatement = CreateTable | AddColumns;

export interface CreateTable {
  readonly kind: 'create table';
  readonly external: boolean;
  readonly ifNotExists: boolean;
  readonly table: string;
  readonly columns: readonly HiveColumn[];
  /** Of an external table typed columns; of an Iceberg table names and transforms, as text. */
  readonly partitionedBy: readonly (HiveColumn | string)[];
  readonly location: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
}

export interface AddColumns {
  readonly kind: 'add columns';
  readonly table: string;
  readonly columns: readonly HiveColumn[];
}

/** Reads `CREATE [EXTERNAL] TABLE` and `ALTER TABLE … ADD COLUMNS`: the part of Hive's DDL that the ledger uses. */
export function parseHiveDdl(text: string): HiveStatement {
  const tokens = tokensOf(text);
  const statement = statementOf(tokens);
  tokens.end();
  return statement;
}

function statementOf(tokens: Tokens): HiveStatement {
  if (tokens.take('create', 'external', 'table')) return createTable(tokens, true);
  if (tokens.take('create', 'table')) return createTable(tokens, false);
  tokens.expect('alter', 'table');
  const table = tableName(tokens);
  tokens.expect('add', 'columns');
  return { kind: 'add columns', table, columns: tokens.inParentheses(() => column(tokens)) };
}

function createTable(tokens: Tokens, external: boolean): CreateTable {
  const ifNotExists = tokens.take('if', 'not', 'exists');
  const table = tableName(tokens);
  const columns = tokens.inParentheses(() => column(tokens));
  const partitionedBy = tokens.take('partitioned', 'by') ? tokens.inParentheses(() => partition(tokens)) : [];
  if (tokens.take('row', 'format', 'serde')) tokens.string();
  if (tokens.take('stored', 'as')) tokens.expect('textfile');
  const location = tokens.take('location') ? tokens.string() : undefined;
  const properties = tokens.take('tblproperties') ? tokens.inParentheses(() => property(tokens)) : [];
  return {
    kind: 'create table',
    external,
    ifNotExists,
    table,
    columns,
    partitionedBy,
    location,
    properties: Object.fromEntries(properties),
  };
}

function tableName(tokens: Tokens): string {
  const first = tokens.identifier();
  return tokens.take('.') ? tokens.identifier() : first;
}

function column(tokens: Tokens): HiveColumn {
  const found = { name: tokens.identifier(), type: typeOf(tokens) };
  if (tokens.take('comment')) tokens.string();
  return found;
}

function property(tokens: Tokens): readonly [string, string] {
  const name = tokens.string();
  tokens.expect('=');
  return [name, tokens.string()];
}

function partition(tokens: Tokens): HiveColumn | string {
  const name = tokens.identifier();
  if (tokens.comesNext(',') || tokens.comesNext(')')) return name;
  if (!tokens.take('(')) return { name, type: typeOf(tokens) };
  let transform = `${name}(`;
  while (!tokens.take(')')) transform += tokens.any();
  return `${transform})`;
}

/** "DDL accepts `timestamp` (no zone) only", and `int` where DML says `integer` (Athena: Data types). */
const SCALARS = new Set(['string', 'int', 'bigint', 'double', 'float', 'boolean', 'date', 'timestamp', 'binary']);

function typeOf(tokens: Tokens): HiveType {
  if (tokens.take('array', '<')) return closing(tokens, { array: typeOf(tokens) });
  if (tokens.take('map', '<')) {
    const key = typeOf(tokens);
    tokens.expect(',');
    return closing(tokens, { map: [key, typeOf(tokens)] });
  }
  if (tokens.take('struct', '<')) return closing(tokens, { struct: tokens.listOf(() => field(tokens)) });
  for (const name of SCALARS) if (tokens.take(name)) return { name };
  return tokens.fail(`a type: ${[...SCALARS].join(', ')}`);
}

function field(tokens: Tokens): HiveColumn {
  const name = tokens.identifier();
  tokens.expect(':');
  return { name, type: typeOf(tokens) };
}

function closing(tokens: Tokens, type: HiveType): HiveType {
  tokens.expect('>');
  return type;
}
