import type { TableMetadata } from '@aws-sdk/client-athena';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { type LineTable, lineTables } from '../../sql/athena-ddl.ts';
import { typeName } from '../../sql/type-names.ts';
import type { Catalog } from './catalog.ts';

/**
 * What people have changed in the ledger's tables so that it cannot use them any more, a sentence each. Columns that
 * they added do no harm, nor do columns that a newer ledger has added.
 */
export function alterationsOf({ tables, columns }: Catalog, bucket: string): readonly string[] {
  return [
    ...lineTables(bucket).flatMap((table) => {
      const found = tables.get(table.name);
      return found === undefined ? [] : alteredLineTable(table, found);
    }),
    ...TABLES.flatMap((table) => {
      const found = tables.get(table.name);
      if (found === undefined) return [];
      return isIceberg(found)
        ? alteredColumns(table, columns.get(table.name) ?? new Map())
        : [`${table.name} expected an Iceberg table, got ${kindOf(found)}`];
    }),
    ...VIEWS.flatMap(({ name }) => {
      const found = tables.get(name);
      return found === undefined || isView(found) ? [] : [`${name} expected a view, got ${kindOf(found)}`];
    }),
  ];
}

function alteredLineTable({ name, partitions, properties }: LineTable, found: TableMetadata): string[] {
  if (isIceberg(found) || isView(found)) return [`${name} expected an external table, got ${kindOf(found)}`];
  const expected = ['line', ...partitions].map((column) => `${column} string`).join(', ');
  const actual = [...(found.Columns ?? []), ...(found.PartitionKeys ?? [])]
    .map(({ Name, Type }) => `${Name} ${Type}`)
    .join(', ');
  return [
    ...(actual === expected ? [] : [`${name} expected the columns ${expected}, got ${actual}`]),
    ...Object.entries(properties).flatMap(([property, value]) => {
      const other = found.Parameters?.[property];
      return other === value ? [] : [`${name} expected ${property} = ${value}, got ${other ?? 'none'}`];
    }),
  ];
}

const alteredColumns = (table: (typeof TABLES)[number], known: ReadonlyMap<string, string>): string[] =>
  Object.entries(table.columns).flatMap(([name, { type }]) => {
    const found = known.get(name);
    if (found === undefined) return [];
    const expected = typeName(type, 'trino');
    return plain(found) === plain(expected) ? [] : [`${table.name}.${name} expected ${expected}, got ${found}`];
  });

/** Engines print one type in more than one way: quotes around names, spaces, the digits of a timestamp. */
const plain = (type: string): string =>
  type
    .toLowerCase()
    .replaceAll('"', '')
    .replace(/\s*,\s*/g, ',')
    .replace(/timestamp\(\d+\)/g, 'timestamp');

const isIceberg = ({ Parameters }: TableMetadata): boolean => Parameters?.table_type?.toUpperCase() === 'ICEBERG';
const isView = ({ TableType }: TableMetadata): boolean => TableType === 'VIRTUAL_VIEW';
const kindOf = (table: TableMetadata): string =>
  isView(table) ? 'a view' : isIceberg(table) ? 'an Iceberg table' : 'another kind of table';
