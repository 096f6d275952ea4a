import type { Price } from './prices/price.ts';
import type { Columns } from './schema/column-type.ts';

/** Where engines write types differently. Everything else is one text. */
export type Dialect = 'duckdb' | 'trino';

/** The kinds of values a query may be given. Each is checked, then written as a literal every engine reads alike. */
export type ParameterKind =
  | 'dates'
  | 'day'
  | 'instant'
  | 'integer'
  | 'pattern'
  | 'prices'
  | 'text'
  | 'texts'
  | 'objects';
export type Parameters = Readonly<Record<string, ParameterKind>>;

type ValueOfKind<K extends ParameterKind> = K extends 'prices'
  ? readonly Price[]
  : K extends 'dates' | 'texts' | 'objects'
    ? readonly string[]
    : K extends 'integer'
      ? number
      : string;

export type Arguments<P extends Parameters> = { readonly [Name in keyof P]: ValueOfKind<P[Name]> };

/**
 * One SQL text with what goes in and what comes out. Engines run nothing else: a plain string is not a query, and
 * every value passes through the one renderer.
 */
export interface Query<P extends Parameters = Parameters, C extends Columns = Columns> {
  readonly name: string;
  /** What the query answers or does, one sentence. */
  readonly summary: string;
  readonly text: string;
  readonly parameters: P;
  /** The columns of its rows; a statement that answers no rows has none. */
  readonly columns: C;
}
