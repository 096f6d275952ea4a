import type { Instant } from '../instant.ts';

/** A value with the event that said it. Ordered by (time, id, value); text by code point, as both engines do. */
export type Stamped<Value extends Comparable = Comparable> = readonly [time: Instant, id: string, ...value: Value];
export type Comparable = readonly (string | number)[];

/** The order of `(time, id, value)`: below zero when `a` comes first. */
export function compareStamped(a: Stamped, b: Stamped): number {
  // Instants are ASCII of one form: JavaScript's own order is theirs, and it nearly always decides.
  if (a[0] !== b[0]) return a[0] < b[0] ? -1 : 1;
  for (let place = 1; place < a.length; place++) {
    const order = compareCells(a[place], b[place]);
    if (order !== 0) return order;
  }
  return 0;
}

export const greatest = <S extends Stamped>(a: S | undefined, b: S | undefined): S | undefined =>
  a === undefined ? b : b === undefined || compareStamped(a, b) >= 0 ? a : b;

export const least = <S extends Stamped>(a: S | undefined, b: S | undefined): S | undefined =>
  a === undefined ? b : b === undefined || compareStamped(a, b) <= 0 ? a : b;

/** Greatest or least of plain values of one kind; undefined is unknown and gives way. */
export const later = <V extends string | number | undefined>(a: V, b: V): V =>
  a === undefined ? b : b === undefined || a >= b ? a : b;

export const earlier = <V extends string | number | undefined>(a: V, b: V): V =>
  a === undefined ? b : b === undefined || a <= b ? a : b;

/** JavaScript's `<` compares UTF-16 code units: a character beyond U+FFFF would sort before U+E000. */
export function compareText(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return codePointRank(left) - codePointRank(right);
  }
  return a.length - b.length;
}

/** Moves surrogates (U+D800–U+DFFF as code units) behind the rest of the basic plane. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);

function compareCells(a: string | number | undefined, b: string | number | undefined): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return a === b ? 0 : compareText(String(a), String(b));
}
