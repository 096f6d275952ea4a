import { mask } from './mask.ts';

/** Reports a value that could not be used. The call goes on without it. */
export type Complain = (error: Error) => void;

/** Reads a value as the wire has it; undefined, with a complaint, when it cannot be read as that. */
export type Reader<Value> = (value: unknown, name: string, complain: Complain) => Value | undefined;

/** Any value as text: objects as JSON, dates as ISO 8601. */
export const readText: Reader<string> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'object') {
    if (value instanceof Date) return readInstant(value, name, complain);
    const plain = jsonValue(value);
    return typeof plain === 'string' ? plain : JSON.stringify(plain);
  }
  return String(value);
};

const MAX_DEPTH = 16;

/** A value as JSON can have it. One that contains itself ends at the greatest depth. */
export function jsonValue(value: unknown, depth = MAX_DEPTH): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '[nested too deep]';
  // What fits in no JSON, or would fill it with numbers.
  if (value instanceof Error) return String(value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Set) return [...value].map((one) => jsonValue(one, depth - 1));
  if (value instanceof Map) return jsonValue(Object.fromEntries(value), depth);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return jsonValue(toJSON.call(value), depth - 1);
  if (Array.isArray(value)) return value.map((one) => jsonValue(one, depth - 1));
  // No prototype: a key may be `__proto__`.
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, one] of Object.entries(value)) plain[key] = jsonValue(one, depth - 1);
  return plain;
}

/** An integer from 0 to 2^53-1. */
export const readCount: Reader<number> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (Number.isSafeInteger(number) && (number as number) >= 0) return number as number;
  complain(unexpected(name, 'an integer from 0 to 2^53-1', value));
  return undefined;
};

export const readNumber: Reader<number> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  complain(unexpected(name, 'a finite number', value));
  return undefined;
};

export const readBoolean: Reader<boolean> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  complain(unexpected(name, 'true or false', value));
  return undefined;
};

/** A moment. Text is passed on as it is: the ledger reads many ways of writing a time. */
export const readInstant: Reader<string> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  const date = value instanceof Date ? value : new Date(typeof value === 'number' ? value : Number.NaN);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  complain(unexpected(name, 'a valid Date or ISO 8601 text', value instanceof Date ? String(date) : value));
  return undefined;
};

/** A map whose values one reader reads; what cannot be read is left out. */
export const readMap =
  <Value>(read: Reader<Value>): Reader<Record<string, Value>> =>
  (value, name, complain) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
      complain(unexpected(name, 'an object', value));
      return undefined;
    }
    const map: Record<string, Value> = Object.create(null);
    for (const key of Object.keys(value)) {
      const one = attempt(() => read((value as Record<string, unknown>)[key], `${name}.${key}`, complain), complain);
      if (one !== undefined) map[key] = one;
    }
    return map;
  };

/** The known fields of a struct, each by its reader. */
export const readRow =
  <Row extends object>(readers: { readonly [Name in keyof Row]-?: Reader<unknown> }): Reader<Row> =>
  (value, name, complain) => {
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'object' || Array.isArray(value)) {
      complain(unexpected(name, 'an object', value));
      return undefined;
    }
    const row: Record<string, unknown> = {};
    for (const [key, read] of Object.entries(readers) as [string, Reader<unknown>][]) {
      const one = attempt(() => read((value as Record<string, unknown>)[key], `${name}.${key}`, complain), complain);
      if (one !== undefined) row[key] = one;
    }
    return row as Row;
  };

/** A list of texts; what cannot be read is left out. */
export const readTexts: Reader<readonly string[]> = (value, name, complain) => {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value))
    return value
      .map((one) => attempt(() => readText(one, name, complain), complain))
      .filter((text) => text !== undefined);
  complain(unexpected(name, 'an array of texts', value));
  return undefined;
};

/** A failure of the host's values (a getter that throws, a circular object) is a complaint, never thrown at the host. */
export function attempt<Value>(act: () => Value, complain: Complain): Value | undefined {
  try {
    return act();
  } catch (error) {
    complain(error instanceof Error ? error : new TypeError(`Expected an Error to be thrown, got ${typeof error}`));
    return undefined;
  }
}

/** `name`: expected …, got …. */
export function unexpected(name: string, expected: string, value: unknown): TypeError {
  // The value may be one that cannot even be looked at, such as a revoked proxy.
  const got = attempt(
    () => shown(value),
    () => undefined,
  );
  return new TypeError(`\`${name}\`: expected ${expected}, got ${got ?? 'something unreadable'}`);
}

const MAX_SHOWN_LENGTH = 80;

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(mask(value.slice(0, MAX_SHOWN_LENGTH)));
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'bigint' ? `${value}n` : String(value);
}
