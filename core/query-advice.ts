import { nearest } from './nearest.ts';
import { TABLES, VIEWS } from './schema/columns.ts';
import { EVENT_TYPES } from './schema/event-columns.ts';
import { SHOWN_STATUSES } from './schema/status.ts';

/** What DuckDB and Athena say of a name that is no column. */
const NO_COLUMN: readonly RegExp[] = [
  /Referenced column "([^"\n]{1,200})" not found/,
  /does not have a column named "([^"\n]{1,200})"/,
  /Column '([^'\n]{1,200})' cannot be resolved/,
];

const WORDS: ReadonlySet<string> = new Set([...SHOWN_STATUSES, ...EVENT_TYPES]);

const readable = [...TABLES, ...VIEWS];
const columns = [...new Set(readable.flatMap(({ columns }) => Object.keys(columns)))];

/** An engine's message; of a column that there is not, what was probably meant instead of what the engine knows. */
export function advised(message: string): string {
  const name = NO_COLUMN.map((pattern) => pattern.exec(message)?.[1]).find((each) => each !== undefined);
  if (name === undefined) return message;
  const place = /^LINE \d+:[\s\S]*$/m.exec(message)?.[0].trimEnd();
  return [`there is no column ${name}; ${adviceFor(name)}`, ...(place === undefined ? [] : [place])].join('\n');
}

function adviceFor(name: string): string {
  const quoted = `'${name.replaceAll("'", "''")}'`;
  if (WORDS.has(name.toUpperCase())) return `write '${name.toUpperCase()}' in single quotes`;
  const near = nearest(name.split('.').at(-1) ?? name, columns);
  return near === undefined ? `a text is written in single quotes: ${quoted}` : `did you mean ${near}?`;
}

/** Of a name that is no table or view: the one that was probably meant, or all. */
export function tableAdvice(name: string): string {
  const names = readable.map((each) => each.name as string);
  const near = nearest(name, names);
  return near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`;
}
