import { parseInstant } from '../instant.ts';
import { isEmail, kindUnder, markOf, namedIn, type SecretKind } from '../mask/mask.ts';
import type { ColumnType } from '../schema/column-type.ts';
import { type Draft, flag, flagChange, keepExtra, keepPart } from './draft.ts';
import { meaningOf } from './words.ts';

/** Reads one value as its column's type. Undefined: unknown, with the reason flagged. `name` is for the flags. */
export type Reader = (value: unknown, draft: Draft, name: string) => unknown;

/** The reader of a column type: takes what is well formed as it is, coerces what is plain, flags the rest. */
export function readerOf(type: ColumnType): Reader {
  if (typeof type === 'object') {
    if ('array' in type) return readArray(readerOf(type.array));
    if ('map' in type) return readMap(readerOf(type.map));
    return readRow(new Map(Object.entries(type.row).map(([name, field]) => [name, readerOf(field)])));
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

/** Text that names something: never masked, because masking would join what is different. */
export const readName: Reader = (value, draft, name) => {
  const text = textOf(value, draft, name);
  return text === undefined || text.trim() === '' ? undefined : text;
};

const readText: Reader = (value, draft, name) => {
  const text = textOf(value, draft, name);
  return text === undefined ? undefined : draft.settings.mask(text);
};

/** A person: an e-mail address becomes a short hash, the same for good in one ledger, so that one person stays one user. */
export const readUser: Reader = (value, draft, name) => {
  if (typeof value !== 'string' || !isEmail(value.trim())) return readText(value, draft, name);
  if (draft.settings.keepUserEmail) return value;
  const { hash, userSalt } = draft.settings;
  return `user-${hash(`${userSalt} ${value.trim().toLowerCase()}`).slice(0, 12)}`;
};

export const readInstant: Reader = (value, draft, name) => {
  const parsed = parseInstant(value, draft.settings.zone);
  if (parsed === null) {
    if (value !== '') flagChange(draft, `time_unknown:${name}`);
    return undefined;
  }
  if (parsed.zoneAssumed) flagChange(draft, `zone_assumed:${name}`);
  return parsed.instant;
};

export const readNumber: Reader = (value, draft, name) => {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (Number.isFinite(number)) {
      flag(draft, `coerced:${name}`);
      return number;
    }
  }
  flagChange(draft, `number_unknown:${name}`);
  return undefined;
};

const readBoolean: Reader = (value, draft, name) => {
  if (typeof value === 'boolean') return value;
  const word = String(value).toLowerCase();
  if (word === 'true' || word === '1' || word === 'false' || word === '0') {
    flag(draft, `coerced:${name}`);
    return word === 'true' || word === '1';
  }
  // `pass`, `warn`, `fail`: what tools of data quality write.
  const status = typeof value === 'string' ? meaningOf(value)?.status : undefined;
  if (status === 'SUCCESS' || status === 'FAILED') {
    flagChange(draft, `coerced:${name}`);
    return status === 'SUCCESS';
  }
  flagChange(draft, `boolean_unknown:${name}`);
  return undefined;
};

/** Integers only, from 0 to `max`: a count at the 64-bit maximum or below zero means that nobody counted. */
export const readCount =
  (max: number): Reader =>
  (value, draft, name) => {
    if (typeof value === 'number' && value >= 0 && value <= max && Number.isInteger(value))
      return value === 0 ? 0 : value;
    if (typeof value === 'string' && /^\s*\d{1,16}(\.0+)?\s*$/.test(value) && Number(value) <= max) {
      flag(draft, `coerced:${name}`);
      return Number(value);
    }
    flagChange(draft, `count_unknown:${name}`);
    return undefined;
  };

/** A measured time in milliseconds, rounded: clocks that count fractions are common. */
export const readDuration: Reader = (value, draft, name) => {
  const isFraction = typeof value === 'number' && value >= 0 && Number.isFinite(value) && !Number.isInteger(value);
  if (isFraction) flagChange(draft, `rounded:${name}`);
  return readCount(Number.MAX_SAFE_INTEGER)(isFraction ? Math.round(value) : value, draft, name);
};

const readArray =
  (readElement: Reader): Reader =>
  (value, draft, name) => {
    const elements = Array.isArray(value) ? value : [value];
    if (!Array.isArray(value)) flag(draft, `coerced:${name}`);
    const read = [];
    for (const element of elements) {
      if (element === null || element === undefined) continue;
      const one = readElement(element, draft, name);
      if (one !== undefined) read.push(one);
    }
    return read.length === 0 ? undefined : read;
  };

const readMap =
  (readValue: Reader): Reader =>
  (value, draft, name) => {
    if (!isObject(value)) return keepUnread(draft, name, value);
    let read: Record<string, unknown> | undefined;
    for (const key of Object.keys(value)) {
      const one = value[key];
      if (one === null || one === undefined) continue;
      // A number that is measured is no secret, whatever its name is.
      const kind = readValue === readNumber ? undefined : kindIn(value, key);
      const cell = (kind && markOf(kind, plainText(one))) ?? readValue(one, draft, name);
      read ??= {};
      if (cell === undefined) keepPart(draft, name, key, one);
      else define(read, key, cell, draft);
    }
    return read;
  };

const readRow =
  (readers: ReadonlyMap<string, Reader>): Reader =>
  (value, draft, name) => {
    if (typeof value === 'string' && readers.has('path'))
      return value.trim() === '' ? undefined : { path: readText(value, draft, name) };
    if (!isObject(value)) return keepUnread(draft, name, value);
    const row: Record<string, unknown> = {};
    let some = false;
    for (const key of Object.keys(value)) {
      const one = value[key];
      if (one === null || one === undefined) continue;
      const field = readers.has(key) ? key : (ROW_ALIASES[key.toLowerCase()] ?? key.toLowerCase());
      const reader = readers.get(field);
      if (!reader || (field !== key && (Object.hasOwn(value, field) || row[field] !== undefined))) {
        keepPart(draft, name, key, one);
        continue;
      }
      const cell = reader(one, draft, name);
      if (cell === undefined) continue;
      row[field] = cell;
      some = true;
    }
    return some ? row : undefined;
  };

/** Other names of fields within rows: a dataset's name is its path, a row count its records. */
const ROW_ALIASES: Readonly<Record<string, string>> = { name: 'path', row_count: 'records', size: 'size_bytes' };

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Well-formed text without U+0000, which SQL engines do not agree on. */
function textOf(value: unknown, draft: Draft, name: string): string | undefined {
  if (typeof value === 'string')
    return value.isWellFormed() && !value.includes('\0') ? value : wellFormed(value, draft, name);
  if (typeof value === 'number' || typeof value === 'boolean') {
    flag(draft, `coerced:${name}`);
    return String(value);
  }
  flag(draft, `coerced:${name}`);
  return wellFormed(JSON.stringify(maskedValue(value, draft)), draft, name);
}

function wellFormed(text: string, draft: Draft, name: string): string {
  const repaired = text.toWellFormed().replaceAll('\0', '\uFFFD');
  if (repaired !== text) flagChange(draft, `text_repaired:${name}`);
  return repaired;
}

/** A key is text too, and `__proto__` is a key like any other. */
function define(row: Record<string, unknown>, key: string, value: unknown, draft: Draft): void {
  const name = draft.settings.mask(key.isWellFormed() && !key.includes('\0') ? key : wellFormed(key, draft, 'key'));
  if (name === '__proto__')
    Object.defineProperty(row, name, { value, enumerable: true, configurable: true, writable: true });
  else row[name] = value;
}

function keepUnread(draft: Draft, name: string, value: unknown): undefined {
  flag(draft, `unread:${name}`);
  keepExtra(draft, name, value);
  return undefined;
}

const MAX_DEPTH = 32;

/**
 * A copy with every text masked and repaired, and all that is under a secret's name. What nests too deep for every engine
 * to read is cut off with a mark.
 */
export function maskedValue(value: unknown, draft: Draft, under?: SecretKind, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = wellFormed(value, draft, 'extra');
    return (under && markOf(under, text)) ?? draft.settings.mask(text);
  }
  if (typeof value === 'number') return (under && markOf(under, String(value))) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) {
    flagChange(draft, 'nested_too_deep');
    return '[nested too deep]';
  }
  if (Array.isArray(value)) return value.map((element) => maskedValue(element, draft, under, depth + 1));
  const copy: Record<string, unknown> = Object.create(null);
  for (const key of Object.keys(value)) {
    const one = (value as Record<string, unknown>)[key];
    copy[draft.settings.mask(wellFormed(key, draft, 'extra'))] = maskedValue(
      one,
      draft,
      kindIn(value, key, under),
      depth + 1,
    );
  }
  return copy;
}

const kindIn = (holder: object, key: string, under?: SecretKind): SecretKind | undefined =>
  kindUnder(key, under, () => namedIn(holder));

const plainText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
