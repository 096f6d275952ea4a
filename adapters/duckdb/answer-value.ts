import {
  DuckDBArrayType,
  DuckDBListType,
  DuckDBMapType,
  DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  type Json,
} from '@duckdb/node-api';
import { instantFrom } from './values.ts';

/**
 * A value of an answer, from DuckDB's JSON: maps are objects, numbers are numbers, instants are `…Z`, at any depth. A
 * number that no double holds exactly stays text.
 */
export function answerValueOf(value: Json, type: DuckDBType | undefined): unknown {
  if (value === null || type === undefined) return value;
  if (type instanceof DuckDBListType || type instanceof DuckDBArrayType) {
    return (value as Json[]).map((each) => answerValueOf(each, type.valueType));
  }
  if (type instanceof DuckDBMapType) return mapOf(value as unknown as readonly Entry[], type);
  if (type instanceof DuckDBStructType) {
    const fields = value as Readonly<Record<string, Json>>;
    return Object.fromEntries(
      type.entryNames.map((name, at) => [name, answerValueOf(fields[name] ?? null, type.entryTypes[at])]),
    );
  }
  if (type.typeId === DuckDBTypeId.TIMESTAMP || type.typeId === DuckDBTypeId.TIMESTAMP_MS) {
    return instantFrom(String(value));
  }
  return NUMBERS.has(type.typeId) ? numberOf(value) : value;
}

interface Entry {
  readonly key: Json;
  readonly value: Json;
}

/** Keys that are structures stay a list of entries: as text they would be one. */
function mapOf(entries: readonly Entry[], { keyType, valueType }: DuckDBMapType): unknown {
  const read = entries.map(({ key, value }) => ({
    key: answerValueOf(key, keyType),
    value: answerValueOf(value, valueType),
  }));
  const isPlain = read.every(({ key }) => typeof key !== 'object');
  return isPlain ? Object.fromEntries(read.map(({ key, value }) => [String(key), value])) : read;
}

const NUMBERS: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.DECIMAL,
]);

/** Of a decimal, 15 digits are always exact. */
function numberOf(value: Json): unknown {
  const text = String(value);
  const number = Number(text);
  const isExact = text.includes('.') ? text.replace(/\D/g, '').length <= 15 : Number.isSafeInteger(number);
  return isExact ? number : value;
}
