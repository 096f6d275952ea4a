import { type TABLES, VIEWS } from '../core/schema/columns.ts';
import type { Dialect } from '../core/typed-query.ts';
import { compose, viewClock } from './fragments.ts';
import { quotedName, typeName } from './type-names.ts';
import { viewTexts } from './views.ts';

/** Makes a table as DuckDB declares it. */
export function createTable(table: (typeof TABLES)[number], dialect: Dialect): string {
  const columns = Object.entries(table.columns).map(
    ([name, { type }]) =>
      `  ${quotedName(name)} ${typeName(type, dialect)}${LONG_TEXTS.has(name) ? ' using compression zstd' : ''}`,
  );
  return `create table if not exists ${table.name} (\n${columns.join(',\n')}\n)`;
}

/** Whole lines: by its own choice DuckDB would take three times the time and four times the room. */
const LONG_TEXTS: ReadonlySet<string> = new Set(['raw_payload']);

export function addColumn(table: string, column: string, type: string): string {
  return `alter table ${table} add column ${quotedName(column)} ${type}`;
}

/** The views, in an order in which each finds what it reads. */
export const createViews = (dialect: Dialect): readonly { readonly name: string; readonly text: string }[] =>
  VIEWS.map(({ name }) => ({
    name,
    text: `create or replace view ${name} as\n${compose(viewTexts[name], dialect, viewClock)}`,
  }));
