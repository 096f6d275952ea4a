import { isObject } from './masked-value.ts';

/** A field of a schema. A field within another is named `outer.inner`. */
export interface SchemaField {
  readonly name: string;
  readonly type: string | undefined;
}

/** Fields of one dataset that are read; a table of more columns is not one that people look at. */
const MAX_FIELDS = 5_000;
const MAX_DEPTH = 8;

/**
 * The fields that a schema tells: a map of names and types, a list of `{ name, type, fields }` as Spark, Avro and
 * OpenLineage write it, such a list under `fields`, or names alone. Undefined: it is none of these, or would not be read whole.
 */
export function fieldsIn(schema: unknown): readonly SchemaField[] | undefined {
  const read: SchemaField[] = [];
  const isRead = readFields(schema, '', 0, read);
  return isRead && read.length > 0 && read.length <= MAX_FIELDS ? read : undefined;
}

function readFields(schema: unknown, within: string, depth: number, read: SchemaField[]): boolean {
  if (depth > MAX_DEPTH || read.length > MAX_FIELDS) return false;
  if (Array.isArray(schema)) return schema.every((field) => readField(field, within, depth, read));
  if (!isObject(schema)) return false;
  if (Array.isArray(schema.fields)) return readFields(schema.fields, within, depth, read);
  return Object.entries(schema).every(([name, type]) => readField({ name, type }, within, depth, read));
}

function readField(field: unknown, within: string, depth: number, read: SchemaField[]): boolean {
  if (typeof field === 'string') return readField({ name: field }, within, depth, read);
  if (!isObject(field) || typeof field.name !== 'string' || field.name === '') return false;
  const name = within + field.name;
  const { type } = field;
  // A type that is an object describes a field within this one, as Spark writes a struct.
  const inner = Array.isArray(field.fields) ? field.fields : isObject(type) ? type.fields : undefined;
  const word =
    typeof type === 'string' ? type : isObject(type) && typeof type.type === 'string' ? type.type : undefined;
  if (word === undefined && (type ?? null) !== null) return false;
  read.push({ name, type: word });
  return !Array.isArray(inner) || readFields(inner, `${name}.`, depth + 1, read);
}

/** Whether its fields are all that a schema tells. */
export function isPlainSchema(schema: unknown): boolean {
  if (!Array.isArray(schema))
    return isObject(schema) && Object.values(schema).every((type) => typeof type === 'string');
  return schema.every(
    (field) =>
      typeof field === 'string' ||
      (isObject(field) && Object.entries(field).every(([key, value]) => KEYS.has(key) && typeof value === 'string')),
  );
}

const KEYS: ReadonlySet<string> = new Set(['name', 'type']);
