import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TABLES } from '../../core/schema/columns.ts';
import { EVENT_TYPES } from '../../core/schema/event-columns.ts';
import { ENDED_STATUSES, ENDED_WELL_STATUSES, FAILED_STATUSES, OPEN_STATUSES } from '../../core/schema/status.ts';
import type { Query } from '../../core/typed-query.ts';
import { addIcebergColumn, createIcebergTable, createLineTable, lineTables } from '../../sql/athena-ddl.ts';
import { addColumn, createTable, createViews } from '../../sql/ddl.ts';
import { runChangeStatements } from '../../sql/run-changes.ts';
import { shadowStatements } from '../../sql/shadow.ts';
import { statementsFor } from '../../sql/statements.ts';

/** What the two engines read differently without an error, or only one reads at all: kept out of every shared text. */
const FORBIDDEN: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /\b(greatest|least)\s*\(/i, because: 'null in Trino as soon as one value is, the others in DuckDB' },
  {
    pattern: /\b(max_by|min_by|arg_max|arg_min)\s*\(/i,
    because: 'Trino answers null where DuckDB skips to the next value',
  },
  { pattern: /\bapprox_/i, because: 'the engines approximate differently: use an exact nearest rank' },
  { pattern: /::/, because: 'only DuckDB reads it: use cast' },
  { pattern: /cast\((?!null)[^()]* as varchar\)/i, because: 'numbers and times print differently' },
  { pattern: /\bdate_diff\('(?!millisecond')/i, because: 'boundaries in DuckDB, elapsed units in Trino' },
  { pattern: /\bdate_add\s*\(/i, because: 'DuckDB has another function of that name; Trino overflows at 2^31' },
  { pattern: /\bqualify\b/i, because: 'only DuckDB reads it' },
  { pattern: /\bgroup by all\b|\border by all\b/i, because: 'only DuckDB reads it' },
  { pattern: /\bexclude\s*\(|\breplace\s*\(/i, because: 'only DuckDB reads it' },
  { pattern: /\b(i?like_regex|ilike)\b/i, because: 'only DuckDB reads it' },
  {
    pattern: /\b(count_if|listagg|array_join|string_agg|to_unixtime|from_unixtime|from_iso8601_timestamp)\s*\(/i,
    because: 'only one engine has it',
  },
  { pattern: /\b(approx_percentile|quantile\w*|median|percentile_cont)\s*\(/i, because: 'use an exact nearest rank' },
  { pattern: /\b(first|last|any_value)\s*\(/i, because: 'which row it takes is chance' },
  { pattern: /\bnow\(\)|\bcurrent_date\b|\blocaltimestamp\b/i, because: 'the clock is {{now}}, in one place' },
  { pattern: /\binterval '\d+ \w+'/i, because: "Trino writes interval '1' day" },
  { pattern: /\bset t\./i, because: 'neither engine reads a qualified column there' },
  { pattern: /\bsum\((?!cast|ended|failed)/i, because: 'bigint overflows in Trino: cast to decimal(38, 0)' },
  { pattern: /\/(?!\s*(nullif\(|\d+e0|cast\())/, because: '7/2 is 3 or 3.5: divide doubles' },
];

/** A text of SQL and where it comes from. */
interface Sql {
  readonly name: string;
  readonly text: string;
}

const statementOf = (text: string): string => text.replace(/--[^\n]*/g, '');

const divergencesIn = (text: string): readonly string[] => {
  const withoutText = statementOf(text).replace(/'[^']*'/g, (quoted) => (/^'\w+'$/.test(quoted) ? quoted : "''"));
  return FORBIDDEN.filter(({ pattern }) => pattern.test(withoutText)).map(
    ({ pattern, because }) => `${pattern}: ${because}`,
  );
};

const KEYWORDS = 'select|from|where|group|order|join|case|when|merge|with|insert|delete|create|drop|alter|table|view';
const upperCaseIn = (text: string): readonly string[] =>
  statementOf(text)
    .replace(/'[^']*'/g, '')
    .match(new RegExp(`\\b(${KEYWORDS.toUpperCase()})\\b`, 'g')) ?? [];

/** Sets of names as they stand in `in (…)`. */
const setsIn = (text: string): readonly string[] =>
  [...text.matchAll(/\bin \(('[A-Z_]+'(?:, '[A-Z_]+')+)\)/g)].map(([, list]) => (list as string).replaceAll("'", ''));

const KNOWN_SETS: ReadonlySet<string> = new Set(
  [ENDED_STATUSES, ENDED_WELL_STATUSES, FAILED_STATUSES, OPEN_STATUSES].flatMap((set) => [
    set.join(', '),
    [...set, 'LOST'].join(', '),
  ]),
);
const isOfEventTypes = (set: string): boolean =>
  set.split(', ').every((each) => (EVENT_TYPES as readonly string[]).includes(each));

// The prelude is what makes DuckDB read Trino's names: it is DuckDB's alone.
const files: readonly Sql[] = readdirSync('sql', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql') && file !== 'duckdb-prelude.sql')
  .map((file) => ({ name: file, text: readFileSync(join('sql', file), 'utf8') }));

describe.each(files)('$name', ({ name, text }) => {
  test('says in a sentence what it is', () => {
    expect(text).toMatch(/^-- [A-Z].*[.:]\n/);
  });
  test('holds nothing the engines read differently', () => {
    // The one approved place of each exception is the clock, which is a fragment of its own.
    if (name !== join('fragments', 'clock.sql')) expect(divergencesIn(text)).toEqual([]);
  });
  test('writes keywords in lower case', () => {
    expect(upperCaseIn(text)).toEqual([]);
  });
});

const sources = ['sql', 'adapters', 'aws', 'local', 'cli', 'flows', 'core', 'ledger', 'lambdas', 'lib', 'bin']
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file).replaceAll('\\', '/')),
  )
  .filter((file) => file.endsWith('.ts') && !file.includes('/node_modules/'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));

/** Everything exported that is a query, or holds some. */
function queriesIn(value: unknown): readonly Query[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('text' in value && 'parameters' in value && 'summary' in value) return [value as Query];
  return Object.values(value).flatMap(queriesIn);
}

/** Queries that a function builds. */
const BUILT: Readonly<Record<string, readonly unknown[]>> = {
  'sql/statements.ts': [statementsFor('trino'), statementsFor('duckdb')],
  'sql/run-changes.ts': [runChangeStatements('trino'), runChangeStatements('duckdb')],
  'sql/shadow.ts': [
    ...TABLES.map(({ name }) => shadowStatements(name, 'shadow')),
    shadowStatements('pipeline_logs', 'shadow', '2025-11-03'),
  ],
};

const queryFiles = await Promise.all(
  sources
    .filter(({ file, text }) => /\bdefine(Query|Question)\(/.test(text) && !/^sql\/define-\w+\.ts$/.test(file))
    .map(async ({ file }) => {
      const exported = (await import(resolve(file))) as Readonly<Record<string, unknown>>;
      return { file, queries: [...Object.values(exported), ...(BUILT[file] ?? [])].flatMap(queriesIn) };
    }),
);

/** Questions of the command line that are still to move to sql/. */
const STILL_ELSEWHERE = /^cli\//;

test('queries are defined in sql/, where each of them can be read', () => {
  const unread = queryFiles.filter(
    ({ file, queries }) => !STILL_ELSEWHERE.test(file) && (queries.length === 0 || !file.startsWith('sql/')),
  );
  expect(unread.map(({ file }) => file)).toEqual([]);
});

const queries: readonly Sql[] = queryFiles.flatMap(({ queries: found }) => found);
const views: readonly Sql[] = (['trino', 'duckdb'] as const).flatMap((engine) =>
  createViews(engine).map(({ name, text }) => ({ name: `${name} on ${engine}`, text })),
);

describe.each([...queries, ...views])('$name, as an engine is given it', ({ text }) => {
  test('holds nothing the engines read differently', () => {
    expect(divergencesIn(text)).toEqual([]);
  });
  test('writes keywords in lower case', () => {
    expect(upperCaseIn(text)).toEqual([]);
  });
  test('names no set of statuses but those of core', () => {
    expect(setsIn(text).filter((set) => !KNOWN_SETS.has(set) && !isOfEventTypes(set))).toEqual([]);
  });
});

/** Texts that one engine alone is given: what the other would make of them does not matter. */
const ofOneEngine: readonly Sql[] = [
  ...TABLES.flatMap((table) => [
    { name: `${table.name} on Athena`, text: createIcebergTable(table, 's3://bucket/folder/') },
    { name: `${table.name} on DuckDB`, text: createTable(table, 'duckdb') },
  ]),
  ...lineTables('bucket').map((table) => ({ name: `${table.name} on Athena`, text: createLineTable(table, 'bucket') })),
  { name: 'a new column on Athena', text: addIcebergColumn('pipeline_logs', 'name', 'varchar') },
  { name: 'a new column on DuckDB', text: addColumn('pipeline_logs', 'name', 'varchar') },
  { name: 'duckdb-prelude.sql', text: readFileSync('sql/duckdb-prelude.sql', 'utf8') },
];

test.each(ofOneEngine)('$name writes keywords in lower case', ({ text }) => {
  expect(upperCaseIn(text)).toEqual([]);
});

/** A literal that begins as a statement of SQL does. */
const SQL_LITERAL = new RegExp(
  `(['"\`])\\s*(?:--[^\\n]*\\n\\s*)*(?:${[
    'select\\s[\\s\\S]*?\\bfrom',
    'insert\\s+(?:or\\s+\\w+\\s+)?into',
    'delete\\s+from',
    'merge\\s+into',
    'update\\s+\\w+\\s+set',
    'create\\s+(?:or\\s+replace\\s+)?(?:temp\\s+|external\\s+)?(?:table|view|schema|macro|index|trigger)',
    'drop\\s+(?:table|view|schema)',
    'alter\\s+table',
    'with\\s+\\w+\\s+as\\s*\\(',
  ].join('|')})\\b[\\s\\S]*?\\1`,
  'gi',
);
const literalsIn = (text: string): readonly string[] => [...text.matchAll(SQL_LITERAL)].map(([literal]) => literal);

/** What people are shown, to copy and change. */
const EXAMPLES: ReadonlySet<string> = new Set([
  'adapters/http/page.ts',
  'cli/commands/query.ts',
  'cli/screen/run-screen.ts',
]);

test('SQL stands in sql/, and in the adapters of the engines what is theirs alone', () => {
  const stray = sources.filter(
    ({ file, text }) =>
      !/^(?:sql|adapters\/(?:athena|duckdb|sqlite))\//.test(file) &&
      !EXAMPLES.has(file) &&
      !STILL_ELSEWHERE.test(file) &&
      literalsIn(text).length > 0,
  );
  expect(stray.map(({ file }) => file)).toEqual([]);
});

// The live store's statements are SQLite's: no other engine is given them, and they name none of the tables.
test.each(sources.filter(({ file }) => /^adapters\/(?:athena|duckdb|sqlite)\//.test(file)))(
  '$file writes keywords in lower case',
  ({ text }) => {
    expect(literalsIn(text).flatMap(upperCaseIn)).toEqual([]);
  },
);

describe('the lint bites', () => {
  test('on what engines read differently, but not within text or comments', () => {
    expect(divergencesIn('select greatest(a, b) from t')).toHaveLength(1);
    expect(divergencesIn("select 'greatest(a, b)' from t -- a::b")).toEqual([]);
  });
  test('on a set of statuses that core does not name', () => {
    expect(setsIn("where status in ('FAILED', 'LOST')").filter((set) => !KNOWN_SETS.has(set))).toEqual([
      'FAILED, LOST',
    ]);
  });
  test('on SQL in a literal of any kind, but not on prose', () => {
    const source =
      "a = 'delete from t'; b = `\n-- All of it.\nselect *\nfrom t`; c = 'select a day'; d = 'with pay as you go';";
    expect(literalsIn(source)).toEqual(["'delete from t'", '`\n-- All of it.\nselect *\nfrom t`']);
  });
});
