import * as z from 'zod';
import type { ParameterKind } from '../core/typed-query.ts';

const date = z.iso.date();
const instant = z.iso.datetime({ precision: 3 });
const text = z
  .string()
  .refine((value) => value.isWellFormed() && !value.includes('\0'), 'expected well-formed text without U+0000');

const price = z.object({ unit: text, name: text, price: z.number().nonnegative(), currency: text });

/** Rows of a `values` list. With no price there is one row without a unit, as SQL has no empty list. */
const rowsOf = (prices: readonly z.output<typeof price>[]): string =>
  prices.length === 0
    ? '(cast(null as varchar), cast(null as varchar), cast(null as double), cast(null as varchar))'
    : prices
        .map(
          (each) =>
            `(${quoted(each.unit)}, ${quoted(each.name)}, ${each.price.toExponential()}, ${quoted(each.currency)})`,
        )
        .join(', ');

const literals: { readonly [K in ParameterKind]: (value: unknown) => string } = {
  dates: (value) => listOf(z.array(date).parse(value), (each) => `date '${each}'`, 'date'),
  day: (value) => quoted(date.parse(value)),
  instant: (value) => `timestamp '${instant.parse(value).replace('T', ' ').replace('Z', '')}'`,
  integer: (value) => String(z.int().parse(value)),
  pattern: (value) => quoted(likePattern(text.parse(value))),
  prices: (value) => rowsOf(z.array(price).parse(value)),
  text: (value) => quoted(text.parse(value)),
  texts: (value) => listOf(z.array(text).parse(value), quoted, 'varchar'),
  objects: (value) => listOf(z.array(text).parse(value), quoted, 'varchar'),
};

/** The literal of a value, as it stands in the SQL text. Throws when the value is not of its kind. */
export function literalOf(name: string, kind: ParameterKind, value: unknown): string {
  try {
    return literals[kind](value);
  } catch (cause) {
    throw new TypeError(`SQL parameter :${name} expected ${kind}, got ${JSON.stringify(value)?.slice(0, 200)}`, {
      cause,
    });
  }
}

/**
 * What people write as a pattern, with `*` for any text and `?` for one character, as `like … escape '\\'` reads it. Nothing
 * written is any text.
 */
const likePattern = (pattern: string): string =>
  (pattern === '' ? '*' : pattern)
    .replaceAll(/[\\%_]/g, (letter) => `\\${letter}`)
    .replaceAll('*', '%')
    .replaceAll('?', '_');

/** Both engines take every character but the quote as it is, the backslash too. */
const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** An empty list matches nothing; SQL has no empty `in ()`. */
const listOf = (values: readonly string[], write: (value: string) => string, type: string): string =>
  values.length === 0 ? `cast(null as ${type})` : [...new Set(values)].sort().map(write).join(', ');
