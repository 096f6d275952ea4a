import type { Instant } from '../instant.ts';

/** A value with the time and id of the event that reported it. Ordered by (time, id, value), text by code point. */
export type Stamped<Value extends Comparable = Comparable> = readonly [time: Instant, id: string, ...value: Value];
export type Comparable = readonly (string | number)[];

/** The order of `(time, id, value)`: below zero when `a` comes first. */
export function compareStamped(a: Stamped, b: Stamped): number {
  // Instants are ASCII of one form, so JavaScript's own order is right for them. It decides nearly always.
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  for (let index = 1; index < a.length; index++) {
    const order = compareValues(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

export const greatest = <S extends Stamped>(a: S | undefined, b: S | undefined): S | undefined =>
  a === undefined ? b : b === undefined || compareStamped(a, b) >= 0 ? a : b;

export const least = <S extends Stamped>(a: S | undefined, b: S | undefined): S | undefined =>
  a === undefined ? b : b === undefined || compareStamped(a, b) <= 0 ? a : b;

/** The greater or the lesser of two plain values of one kind. Undefined means unknown: the other value wins. */
export const later = <V extends string | number | undefined>(a: V, b: V): V =>
  a === undefined ? b : b === undefined || a >= b ? a : b;

export const earlier = <V extends string | number | undefined>(a: V, b: V): V =>
  a === undefined ? b : b === undefined || a <= b ? a : b;

/**
 * Compares text by code point, as DuckDB and Trino do. JavaScript's `<` compares UTF-16 code units: it would sort a
 * character beyond U+FFFF before U+E000.
 */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Sorts surrogates (the code units U+D800–U+DFFF) behind the rest of the basic plane. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

function compareValues(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return a === b ? 0 : compareText(String(a), String(b));
}
