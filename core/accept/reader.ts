import type { ColumnType } from '../schema/column-type.ts';
import { type Draft, flag, keepExtra, keepPart } from './draft.ts';
import { isEmpty, isObject, maskedKey, secretIn } from './masked-value.ts';
import { type Reader, readBoolean, readCount, readInstant, readNumber, readText } from './read-value.ts';

/** Other names of the fields of a row. The field's own name wins. */
export type RowAliases = Readonly<Record<string, string>>;

/** The reader of a column type: takes what is well formed as it is, coerces what is plain, flags the rest. */
export function readerOf(type: ColumnType, aliases: RowAliases = {}): Reader {
  if (typeof type === 'object') {
    if ('array' in type) return readArray(readerOf(type.array, aliases));
    if ('map' in type) return readMap(readerOf(type.map));
    const readers = new Map(Object.entries(type.row).map(([name, field]) => [name, readerOf(field)]));
    return readRow(readers, new Map(Object.entries(aliases)));
  }
  switch (type) {
    case 'varchar':
      return readText;
    case 'bigint':
      return readCount(Number.MAX_SAFE_INTEGER);
    case 'integer':
      return readCount(2_147_483_647);
    case 'double':
      return readNumber;
    case 'boolean':
      return readBoolean;
    case 'timestamp':
    case 'date':
      return readInstant;
  }
}

/*
 * Lists, maps and rows that are well formed are taken as they came, not copied: most are, and an object that
 * JSON.parse made is also written fastest.
 */

const readArray =
  (readElement: Reader): Reader =>
  (value, draft, name) => {
    const elements: readonly unknown[] = Array.isArray(value) ? value : [value];
    const read: unknown[] = [];
    const unread: unknown[] = [];
    for (const element of elements) {
      if (element === null || element === undefined) continue;
      const one = readElement(element, draft, name);
      if (one !== undefined) read.push(one);
      else if (!isEmpty(element)) unread.push(element);
    }
    if (read.length === 0) return undefined;
    if (!Array.isArray(value)) flag(draft, `coerced:${name}`);
    if (unread.length > 0) keepExtra(draft, name, unread);
    return read;
  };

const readMap =
  (readValue: Reader): Reader =>
  (value, draft, name) => {
    if (!isObject(value)) return notRead(draft, name);
    let copy: Record<string, unknown> | undefined;
    const unread: string[] = [];
    let some = false;
    for (const key of Object.keys(value)) {
      const one = value[key];
      const isNone = one === null || one === undefined;
      // A number that is measured is no secret, whatever its name is.
      const secret = isNone || readValue === readNumber ? undefined : secretIn(value, key, one);
      const cell = isNone ? undefined : (secret ?? readValue(one, draft, name));
      const field = cell === undefined ? key : maskedKey(key, draft, 'key');
      if (cell !== undefined && Object.is(cell, one) && field === key && copy === undefined) {
        some = true;
        continue;
      }
      copy ??= entriesBefore(key, value);
      if (cell !== undefined && !Object.hasOwn(copy, field)) {
        setOwn(copy, field, cell);
        some = true;
      } else if (!isNone) unread.push(key);
    }
    if (!some) return undefined;
    for (const key of unread) keepPart(draft, name, key, value[key]);
    return copy ?? value;
  };

const readRow =
  (readers: ReadonlyMap<string, Reader>, aliases: ReadonlyMap<string, string>): Reader =>
  (value, draft, name) => {
    if (!isObject(value)) return notRead(draft, name);
    let copy: Record<string, unknown> | undefined;
    const unread: string[] = [];
    let some = false;
    for (const key of Object.keys(value)) {
      const one = value[key];
      const isNone = one === null || one === undefined;
      const field = readers.has(key) ? key : fieldOf(key, aliases);
      const isTaken = field !== key && ((value[field] ?? null) !== null || copy?.[field] !== undefined);
      const cell = isNone || isTaken ? undefined : readers.get(field)?.(one, draft, name);
      if (cell !== undefined && Object.is(cell, one) && field === key && copy === undefined) {
        some = true;
        continue;
      }
      copy ??= entriesBefore(key, value);
      if (cell !== undefined) {
        copy[field] = cell;
        some = true;
      } else if (!isNone) unread.push(key);
    }
    if (!some) return undefined;
    for (const key of unread) keepPart(draft, name, key, value[key]);
    return copy ?? value;
  };

function fieldOf(key: string, aliases: ReadonlyMap<string, string>): string {
  const lower = key.toLowerCase();
  return aliases.get(lower) ?? lower;
}

/** A copy of what stands before `key`. */
function entriesBefore(key: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const each of Object.keys(value)) {
    if (each === key) break;
    setOwn(copy, each, value[each]);
  }
  return copy;
}

/** `__proto__` is a key like any other. */
function setOwn(row: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(row, key, { value, enumerable: true, configurable: true, writable: true });
  else row[key] = value;
}

function notRead(draft: Draft, name: string): undefined {
  flag(draft, `unread:${name}`);
  return undefined;
}
