import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What the two engines read differently without an error, or only one reads at all: kept out of every SQL text. */
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

const files = readdirSync('sql', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql') && file !== 'duckdb-prelude.sql')
  .map((file) => ({ file, text: readFileSync(join('sql', file), 'utf8') }));

describe.each(files)('$file', ({ file, text }) => {
  const statement = text.replace(/--[^\n]*/g, '');
  test('says in a sentence what it is', () => {
    expect(text).toMatch(/^-- [A-Z].*[.:]\n/);
  });
  test('holds nothing the engines read differently', () => {
    const withoutText = statement.replace(/'[^']*'/g, (quoted) => (/^'\w+'$/.test(quoted) ? quoted : "''"));
    const found = FORBIDDEN.filter(({ pattern }) => {
      // The one approved place of each exception is the clock, which is a fragment of its own.
      if (file === join('fragments', 'clock.sql')) return false;
      return pattern.test(withoutText);
    }).map(({ pattern, because }) => `${pattern}: ${because}`);
    expect(found).toEqual([]);
  });
  test('writes keywords in lower case', () => {
    expect(statement.replace(/'[^']*'/g, '')).not.toMatch(
      /\b(SELECT|FROM|WHERE|GROUP|ORDER|JOIN|CASE|WHEN|MERGE|WITH)\b/,
    );
  });
});
