import type { GlueTable } from './glue.ts';
import { type CreateTable, type HiveColumn, type HiveStatement, type HiveType, parseHiveDdl } from './hive-ddl.ts';
import { Refusal } from './refusal.ts';

/** What is to be done for a statement of Athena's. */
export type Work =
  | { readonly kind: 'query'; readonly sql: string }
  | { readonly kind: 'view'; readonly sql: string; readonly select: string }
  | { readonly kind: 'vacuum'; readonly table: string }
  | { readonly kind: 'glue table'; readonly table: GlueTable; readonly ifNotExists: boolean };

/** Athena's own statements in Trino's words; every other statement is the same text for both. */
export function translate(statement: string): Work {
  const optimize = /^optimize\s+(\S+)\s+rewrite\s+data\s+using\s+bin_pack(?:\s+where\s+([\s\S]+))?$/i.exec(statement);
  if (optimize) {
    const [, table, predicate] = optimize;
    const where = predicate === undefined ? '' : ` where ${predicate}`;
    return { kind: 'query', sql: `alter table ${table} execute optimize${where}` };
  }
  const vacuum = /^vacuum\s+(\w+)$/i.exec(statement);
  if (vacuum?.[1] !== undefined) return { kind: 'vacuum', table: vacuum[1] };
  const view = /^create\s+(?:or\s+replace\s+)?view\s+\S+\s+as\s+([\s\S]+)$/i.exec(statement);
  if (view?.[1] !== undefined) return { kind: 'view', sql: statement, select: view[1] };
  if (isHiveDdl(statement)) return tableWork(parseHiveDdl(statement));
  return { kind: 'query', sql: statement };
}

const isHiveDdl = (statement: string): boolean =>
  /^create\s+external\s+table\b/i.test(statement) ||
  (/^create\s+table\b/i.test(statement) && !/^create\s+table\s[^(]*\bas\b/i.test(statement)) ||
  /^alter\s+table\s+\S+\s+add\s+columns\b/i.test(statement);

function tableWork(statement: HiveStatement): Work {
  if (statement.kind === 'add columns') {
    const [column, ...others] = statement.columns;
    // Trino adds one column at a time; the ledger never asks for more.
    if (column === undefined || others.length > 0) throw new Refusal('expected one column to add');
    return { kind: 'query', sql: `alter table ${statement.table} add column ${declared(column)}` };
  }
  return statement.external ? externalTable(statement) : icebergTable(statement);
}

/** Athena: Create Iceberg tables, "Table properties". Any other is an "Unsupported table property key". */
const ICEBERG_PROPERTIES = new Set([
  'table_type',
  'format',
  'write_compression',
  'optimize_rewrite_data_file_threshold',
  'optimize_rewrite_delete_file_threshold',
  'vacuum_min_snapshots_to_keep',
  'vacuum_max_snapshot_age_seconds',
  'vacuum_max_metadata_files_to_keep',
  'write_data_path_enabled',
]);

function icebergTable({ table, ifNotExists, columns, partitionedBy, location, properties }: CreateTable): Work {
  if (properties.table_type?.toUpperCase() !== 'ICEBERG') {
    throw new Refusal("FAILED: expected EXTERNAL, or TBLPROPERTIES ('table_type'='ICEBERG')");
  }
  if (location === undefined) throw new Refusal('FAILED: an Iceberg table needs a LOCATION');
  for (const key of Object.keys(properties)) {
    if (!ICEBERG_PROPERTIES.has(key)) throw new Refusal(`FAILED: Unsupported table property key: ${key}`);
  }
  const partitions = partitionedBy.map((each) => {
    if (typeof each !== 'string') throw new Refusal(`FAILED: an Iceberg partition is a column, without type`);
    return quoted(each);
  });
  // Trino writes zstd unless its catalog says otherwise, and knows no such property of a table.
  const { table_type: _, format: __, write_compression: ___, ...extra } = properties;
  const maps = [Object.keys(extra), Object.values(extra)].map((texts) => `array[${texts.map(quoted).join(', ')}]`);
  const options = [
    `location = ${quoted(location)}`,
    "format = 'PARQUET'",
    'format_version = 2',
    ...(partitions.length === 0 ? [] : [`partitioning = array[${partitions.join(', ')}]`]),
    ...(Object.keys(extra).length === 0 ? [] : [`extra_properties = map(${maps.join(', ')})`]),
  ];
  return {
    kind: 'query',
    sql: `create table ${ifNotExists ? 'if not exists ' : ''}${table} (${columns.map(declared).join(', ')}) with (${options.join(', ')})`,
  };
}

function externalTable({ table, ifNotExists, columns, partitionedBy, location, properties }: CreateTable): Work {
  if (location === undefined) throw new Refusal('FAILED: an external table needs a LOCATION');
  const glueColumn = (column: HiveColumn | string) => {
    if (typeof column === 'string')
      throw new Refusal(`FAILED: the partition ${column} of an external table has a type`);
    return { Name: column.name, Type: hiveName(column.type) };
  };
  return {
    kind: 'glue table',
    ifNotExists,
    table: {
      Name: table,
      TableType: 'EXTERNAL_TABLE',
      Parameters: { EXTERNAL: 'TRUE', ...properties },
      PartitionKeys: partitionedBy.map(glueColumn),
      StorageDescriptor: {
        Columns: columns.map(glueColumn),
        Location: location,
        InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        SerdeInfo: {
          SerializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          Parameters: { 'serialization.format': '1' },
        },
      },
    },
  };
}

const declared = ({ name, type }: HiveColumn): string => `"${name}" ${trinoName(type)}`;

/** The type a Hive type is to Trino's Iceberg connector. */
function trinoName(type: HiveType): string {
  if ('array' in type) return `array(${trinoName(type.array)})`;
  if ('map' in type) return `map(${type.map.map(trinoName).join(', ')})`;
  if ('struct' in type) return `row(${type.struct.map(declared).join(', ')})`;
  return (
    { string: 'varchar', int: 'integer', float: 'real', timestamp: 'timestamp(6)', binary: 'varbinary' }[type.name] ??
    type.name
  );
}

function hiveName(type: HiveType): string {
  if ('array' in type) return `array<${hiveName(type.array)}>`;
  if ('map' in type) return `map<${type.map.map(hiveName).join(',')}>`;
  if ('struct' in type)
    return `struct<${type.struct.map((field) => `${field.name}:${hiveName(field.type)}`).join(',')}>`;
  return type.name;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
