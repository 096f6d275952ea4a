import type { Columns } from '../core/schema/column-type.ts';
import type { Arguments, Parameters, Query } from '../core/typed-query.ts';
import { literalOf } from './parameter.ts';

/** A query from its text; throws when the declared parameters are not those the text uses. */
export function defineQuery<const P extends Parameters, const C extends Columns>(query: {
  readonly name: string;
  readonly text: string;
  readonly parameters: P;
  readonly columns: C;
}): Query<P, C> {
  const summary = query.text
    .split('\n')
    .filter((line) => line.startsWith('-- '))
    .map((line) => line.slice(3))
    .join(' ');
  const used = new Set(parameterNames(query.text));
  for (const name of used) {
    if (!Object.hasOwn(query.parameters, name))
      throw new Error(`query ${query.name} uses :${name}, which is not declared`);
  }
  for (const name of Object.keys(query.parameters)) {
    if (!used.has(name)) throw new Error(`query ${query.name} declares :${name}, which its text does not use`);
  }
  return { ...query, summary };
}

/** The SQL text an engine runs: parameters written as literals. */
export function render<P extends Parameters>(query: Query<P, Columns>, values: Arguments<P>): string {
  return renderWith(query, (name) =>
    literalOf(name, query.parameters[name] as Parameters[string], (values as Record<string, unknown>)[name]),
  );
}

/** The SQL text with what stands for each parameter: a text that another program completes. */
export const renderWith = (query: Pick<Query, 'text'>, standsFor: (name: string) => string): string =>
  query.text.replace(TOKENS, (token, name: string | undefined) => (name === undefined ? token : standsFor(name)));

/** Comments, quoted text and quoted names are passed over; what is left after a colon is a parameter. */
const TOKENS = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|:([a-z][a-z0-9_]*)/g;

const parameterNames = (text: string): string[] => [...text.matchAll(TOKENS)].flatMap((match) => match[1] ?? []);
