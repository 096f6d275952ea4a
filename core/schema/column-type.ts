/**
 * The types a column may have, as data: DDL, SQL row casts, zod schemas, TypeScript row types and the documentation
 * all derive from them. Timestamps are UTC instants at millisecond precision, written `YYYY-MM-DDTHH:MM:SS.sssZ` in
 * TypeScript and on the wire; dates are `YYYY-MM-DD`.
 */
export type ScalarType = 'varchar' | 'bigint' | 'integer' | 'double' | 'boolean' | 'timestamp' | 'date';
export type ColumnType =
  | ScalarType
  | { readonly array: ColumnType }
  | { readonly map: ScalarType }
  | { readonly row: Readonly<Record<string, ColumnType>> };

export interface Column {
  readonly type: ColumnType;
  readonly comment: string;
  /** The closed set a text column takes its values from. */
  readonly oneOf?: readonly string[];
}

export type Columns = Readonly<Record<string, Column>>;

/** The TypeScript value of a column type. Integers stay within 0..2^53-1, so `number` is exact. */
type ValueOf<T> = T extends 'varchar' | 'timestamp' | 'date'
  ? string
  : T extends 'bigint' | 'integer' | 'double'
    ? number
    : T extends 'boolean'
      ? boolean
      : T extends { readonly array: infer Element }
        ? readonly ValueOf<Element>[]
        : T extends { readonly map: infer Value }
          ? Readonly<Record<string, ValueOf<Value>>>
          : T extends { readonly row: infer Fields }
            ? { readonly [Name in keyof Fields]?: ValueOf<Fields[Name]> | undefined }
            : never;

type CellOf<C> = C extends { readonly oneOf: readonly (infer Value)[] }
  ? Value
  : C extends { readonly type: infer T }
    ? ValueOf<T>
    : never;

/** A row of a table or view as an engine returns it: every column present, unknown is null. */
export type RowOf<C> = { readonly [Name in keyof C]: CellOf<C[Name]> | null };

/** Wire data with these columns: unknown is absent. */
export type PartialRowOf<C> = { readonly [Name in keyof C]?: CellOf<C[Name]> | undefined };
