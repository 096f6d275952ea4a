import { FOLDERS } from '../core/object-keys.ts';
import type { ColumnType } from '../core/schema/column-type.ts';
import type { TABLES } from '../core/schema/columns.ts';
import { createViews } from './ddl.ts';

/**
 * Makes an Iceberg table as Athena declares it: Hive's grammar, in which names stand in backticks and a comment ends
 * the statement. `location` must be empty: Athena makes no table where files lie already.
 */
export function createIcebergTable(table: (typeof TABLES)[number], location: string): string {
  const columns = Object.entries(table.columns).map(([name, { type }]) => `  ${columnOf(name, type)}`);
  return `create table if not exists ${table.name} (
${columns.join(',\n')}
)
partitioned by (\`${table.partitionedBy}\`)
location '${location}'
tblproperties ('table_type' = 'ICEBERG', 'format' = 'parquet', 'write_compression' = 'zstd')`;
}

export const addIcebergColumn = (table: string, name: string, type: ColumnType): string =>
  `alter table ${table} add columns (${columnOf(name, type)})`;

/** A table of landed lines, one column each. Its partitions are computed from its properties; none is registered. */
export interface LineTable {
  readonly name:
    | 'raw_lines'
    | 'rejected_lines'
    | 'access_lines'
    | 'incident_lines'
    | 'slot_lines'
    | 'recovery_lines'
    | 'act_lines';
  /** In the bucket. */
  readonly folder: string;
  readonly partitions: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

export const lineTables = (bucket: string): readonly LineTable[] => [
  {
    name: 'raw_lines',
    folder: `${FOLDERS.raw}/`,
    partitions: ['dt', 'hh'],
    properties: {
      ...BY_DAY,
      'projection.hh.type': 'integer',
      'projection.hh.range': '0,23',
      'projection.hh.digits': '2',
      'storage.location.template': `s3://${bucket}/${FOLDERS.raw}/dt=\${dt}/hh=\${hh}/`,
    },
  },
  {
    // Always read whole, by the view over it. As partitions, every hour there ever was would be listed on its own.
    name: 'rejected_lines',
    folder: `${FOLDERS.rejected}/`,
    partitions: [],
    properties: {},
  },
  {
    name: 'access_lines',
    folder: `${FOLDERS.access}/`,
    partitions: ['dt'],
    properties: { ...BY_DAY, 'storage.location.template': `s3://${bucket}/${FOLDERS.access}/dt=\${dt}/` },
  },
  {
    // Read whole, as rejected lines are: what became of an incident is asked for whenever it was found.
    name: 'incident_lines',
    folder: `${FOLDERS.incidents}/`,
    partitions: [],
    properties: {},
  },
  {
    name: 'slot_lines',
    folder: `${FOLDERS.slots}/`,
    partitions: ['dt'],
    properties: { ...BY_DAY, 'storage.location.template': `s3://${bucket}/${FOLDERS.slots}/dt=\${dt}/` },
  },
  {
    // Read whole: a watermark that was set by hand holds until it is set again.
    name: 'recovery_lines',
    folder: `${FOLDERS.recovery}/`,
    partitions: [],
    properties: {},
  },
  {
    // Read whole: people do little.
    name: 'act_lines',
    folder: `${FOLDERS.acts}/`,
    partitions: [],
    properties: {},
  },
];

const BY_DAY = {
  'projection.enabled': 'true',
  'projection.dt.type': 'date',
  'projection.dt.format': 'yyyy-MM-dd',
  // A day ahead, so that an object is found whichever clock is first past midnight.
  'projection.dt.range': '2025-01-01,NOW+1DAYS',
  'projection.dt.interval': '1',
  'projection.dt.interval.unit': 'DAYS',
} as const;

/** Partitions are text, so that Athena prunes them before it lists anything. */
export function createLineTable(table: LineTable, bucket: string): string {
  const partitions = table.partitions.map((name) => `\`${name}\` string`);
  const properties = Object.entries(table.properties).map(([name, value]) => `  '${name}' = '${value}'`);
  return [
    `create external table if not exists ${table.name} (\`line\` string)`,
    ...(partitions.length === 0 ? [] : [`partitioned by (${partitions.join(', ')})`]),
    'stored as textfile',
    `location 's3://${bucket}/${table.folder}'`,
    ...(properties.length === 0 ? [] : [`tblproperties (\n${properties.join(',\n')}\n)`]),
  ].join('\n');
}

/** The views without their comments: in a statement that creates something, Athena takes one for its end. */
export const createAthenaViews = (): ReturnType<typeof createViews> =>
  createViews('trino').map(({ name, text }) => ({ name, text: withoutComments(text) }));

const withoutComments = (text: string): string =>
  text
    .replace(/--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (token) => (token.startsWith('--') ? '' : token))
    .replace(/\n(?:[ \t]*\n)+/g, '\n');

const columnOf = (name: string, type: ColumnType): string => `\`${name}\` ${hiveTypeName(type)}`;

function hiveTypeName(type: ColumnType): string {
  if (typeof type === 'string') return HIVE_NAMES[type];
  if ('map' in type) return `map<string,${HIVE_NAMES[type.map]}>`;
  if ('array' in type) return `array<${hiveTypeName(type.array)}>`;
  const fields = Object.entries(type.row).map(([name, field]) => `${fieldName(name)}:${hiveTypeName(field)}`);
  return `struct<${fields.join(',')}>`;
}

/**
 * Within a struct only reserved words stand in backticks, as in the statements of AWS's own library for pandas: there is no
 * word of AWS that an Iceberg table takes more of them.
 */
const fieldName = (name: string): string => (RESERVED_IN_DDL.has(name) ? `\`${name}\`` : name);

/** Those of the reserved words (Athena: Escape reserved keywords in DDL statements) that are fields of the ledger's structs. */
const RESERVED_IN_DDL = new Set(['partition']);

const HIVE_NAMES = {
  varchar: 'string',
  bigint: 'bigint',
  integer: 'int',
  double: 'double',
  boolean: 'boolean',
  timestamp: 'timestamp',
  date: 'date',
} as const;
