import type { Json } from '@duckdb/node-api';
import type { Columns, ColumnType } from '../../core/schema/column-type.ts';

/** A row as the port promises it, from DuckDB's JSON: instants as `…Z`, integers as numbers, unknown as null. */
export function rowFrom(row: Readonly<Record<string, Json>>, columns: Columns): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, { type }]) => [name, valueFrom(row[name] ?? null, type)]),
  );
}

function valueFrom(value: Json, type: ColumnType): unknown {
  if (value === null) return null;
  if (typeof type === 'string') {
    if (type === 'timestamp') return instantFrom(String(value));
    return type === 'bigint' || type === 'integer' || type === 'double' ? Number(value) : value;
  }
  if ('array' in type) return (value as Json[]).map((element) => valueFrom(element, type.array));
  if ('map' in type) {
    const entries = value as { key: string; value: Json }[];
    return Object.fromEntries(entries.map((entry) => [entry.key, valueFrom(entry.value, type.map)]));
  }
  const fields = value as Record<string, Json>;
  return Object.fromEntries(
    Object.entries(type.row).flatMap(([name, field]) => {
      const value = valueFrom(fields[name] ?? null, field);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** DuckDB prints `2025-11-03 12:01:02.123`, without trailing zeros. */
export function instantFrom(text: string): string {
  const [day = '', time = ''] = text.split(' ');
  const [clock = '', fraction = ''] = time.split('.');
  return `${day}T${clock}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}
