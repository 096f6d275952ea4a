import type { Columns } from '../core/schema/column-type.ts';
import { VIEWS, type ViewName } from '../core/schema/columns.ts';

/** Some columns of a table or view, as documented there. Throws when one is missing. */
export const pick = (columns: Columns | undefined, ...names: readonly string[]): Columns =>
  Object.fromEntries(names.map((name) => [name, columns?.[name] ?? fail(name)]));

export const columnsOfView = (name: ViewName): Columns | undefined => VIEWS.find((view) => view.name === name)?.columns;

const fail = (name: string): never => {
  throw new Error(`there is no column ${name}`);
};
