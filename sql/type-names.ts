import type { ColumnType, ScalarType } from '../core/schema/column-type.ts';
import type { Dialect } from '../core/typed-query.ts';

/** A column type as the engine declares it. */
export function typeName(type: ColumnType, dialect: Dialect): string {
  if (typeof type === 'string') return type === 'timestamp' && dialect === 'trino' ? 'timestamp(6)' : type;
  if ('map' in type) return `map(varchar, ${type.map})`;
  if ('array' in type) {
    const element = typeName(type.array, dialect);
    return dialect === 'duckdb' ? `${element}[]` : `array(${element})`;
  }
  return rowName(type.row, (field) => typeName(field, dialect));
}

/** The same type as it is read from JSON: instants and dates are text there, because JSON has no other. */
export function jsonTypeName(type: ColumnType, dialect: Dialect): string {
  const asText = (scalar: ScalarType): ScalarType => (scalar === 'timestamp' || scalar === 'date' ? 'varchar' : scalar);
  if (typeof type === 'string') return asText(type);
  if ('map' in type) return `map(varchar, ${asText(type.map)})`;
  if ('array' in type) {
    const element = jsonTypeName(type.array, dialect);
    return dialect === 'duckdb' ? `${element}[]` : `array(${element})`;
  }
  return rowName(type.row, (field) => jsonTypeName(field, dialect));
}

const rowName = (fields: Readonly<Record<string, ColumnType>>, nameOf: (field: ColumnType) => string): string =>
  `row(${Object.entries(fields)
    .map(([name, field]) => `${quotedName(name)} ${nameOf(field)}`)
    .join(', ')})`;

/** Names that are words of one of the two grammars. */
const RESERVED = new Set(['user', 'partition', 'type', 'at']);
export const quotedName = (name: string): string => (RESERVED.has(name) ? `"${name}"` : name);
