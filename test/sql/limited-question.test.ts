import { DuckDBInstance } from '@duckdb/node-api';
import { expect, test } from 'vitest';
import { visitNodes } from '../../adapters/duckdb/scopes.ts';
import { NOTHING_EXPECTED } from '../../core/pipelines/expectations.ts';
import { readPipelines } from '../../core/pipelines/read-pipelines.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import { NotTheirsError } from '../../core/token/limit-errors.ts';
import type { Limits } from '../../core/token/limits.ts';
import { limitedQuestionText, limitedText } from '../../sql/limited-question.ts';
import { LIMITED_QUESTIONS } from '../../sql/limited-questions.ts';
import { questions } from '../../sql/questions.ts';

const NOW = '2025-11-03T12:00:00.000Z';
const LIMITS: readonly Limits[] = [
  { owners: ['team-a'] },
  { environments: ['prod'] },
  { owners: ['team-a', "o'neil"], environments: ['prod', 'test'] },
];
const scopeOf = (limits: Limits, dialect: 'duckdb' | 'trino' = 'duckdb') => ({
  limits,
  dialect,
  expectations: NOTHING_EXPECTED,
});
const RELATIONS: ReadonlySet<string> = new Set([...TABLES, ...VIEWS].map(({ name }) => name));

/** Each table that a text reads, as DuckDB's own parser reads it: behind its schema, else a CTE or not. */
async function readBy(sql: string): Promise<readonly string[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const reader = await connection.runAndReadAll('select json_serialize_sql($1::varchar) as tree', [sql]);
  const tree = JSON.parse(String(reader.getRowObjectsJson()[0]?.tree)) as { error: boolean; statements: unknown };
  expect(tree.error).toBe(false);
  const found: string[] = [];
  visitNodes(tree.statements, (node, visible) => {
    if (node.type !== 'BASE_TABLE') return;
    const name = String(node.table_name);
    if (node.schema_name !== '') found.push(`${node.schema_name}.${name}`);
    else if (!visible.has(name)) found.push(name);
  });
  return found;
}

test.each(
  Object.entries(LIMITED_QUESTIONS)
    .filter(([, decided]) => decided === 'theirs')
    .map(([name]) => name),
)('%s reads nothing but what was narrowed', async (name) => {
  for (const limits of LIMITS) {
    const text = limitedQuestionText(scopeOf(limits), name, {}, NOW);
    const read = await readBy(text);
    // Each is read once, where it is narrowed: behind its schema, which no question writes.
    expect(read.filter((each) => !each.startsWith('main.'))).toEqual([]);
    const narrowed = [...text.matchAll(/^(?:with )?(\w+) as \(\n {2}select r\.\*\n {2}from main\.(\w+) as r\n/gm)];
    expect(narrowed.length).toBeGreaterThan(0);
    for (const [, cte, table] of narrowed) expect(cte).toBe(table);
    const owned = limits.owners === undefined ? [] : ['main.pipeline_run_state'];
    expect([...read].sort()).toEqual([...owned, ...narrowed.map(([, , table]) => `main.${table}`)].sort());
    expect(questions[name]?.text).not.toMatch(/\bmain\s*\.|\bwith\s+recursive\b|\btold_owners\b/i);
  }
});

test('to the other engine a table within the CTE of its name is the table', async () => {
  const text = limitedQuestionText(scopeOf({ owners: ['team-a'] }, 'trino'), 'failed-today', {}, NOW);
  expect(text).not.toContain('main.');
  expect(await readBy(text)).toEqual(['pipeline_run_state', 'current_runs']);
});

test('a question that is refused says why, and one that nobody decided on is refused', () => {
  expect(() => limitedQuestionText(scopeOf({ owners: ['a'] }), 'ledger-cost', {}, NOW)).toThrow(NotTheirsError);
  expect(() => limitedQuestionText(scopeOf({ owners: ['a'] }), 'no-such', {}, NOW)).toThrow(
    'there is no question named',
  );
});

test('a table whose rows are of no pipeline is never read within limits', () => {
  for (const name of ['rejections', 'access_log', 'kpi_daily']) {
    expect(RELATIONS.has(name)).toBe(true);
    expect(() => limitedText(`select count(*) from ${name}`, scopeOf({ environments: ['prod'] }))).toThrow(
      `expected a question of tables that can be narrowed, but it reads ${name}`,
    );
  }
});

test('the file of pipelines says whose they are as it does elsewhere: by the most specific pattern', async () => {
  const { expectations = expect.unreachable() } = readPipelines(
    `version: 1
defaults: { owner: "team 'all'" }
pipelines:
  "ord*": { owner: team-o, environment: prod }
  "ord?rs": { owner: team-q }
  orders_100%: { owner: team-percent }
  "*_x": {}`,
    { datesOf: () => undefined },
  );
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(
    'create table pipeline_run_state (environment varchar, process_name varchar, run_id varchar, owner varchar, start_time timestamp, queued_at timestamp, first_event_at timestamp)',
  );
  await connection.run(`insert into pipeline_run_state select e, p, '1', 'told', null, null, null
    from (values ('prod'), ('test')) as e (e), (values ('orders'), ('order_2'), ('orders_100%'), ('orders_1000'), ('a_x'), ('z')) as p (p)`);
  const namesOf = async (owner: string) => {
    const scope = { limits: { owners: [owner] }, expectations, dialect: 'duckdb' as const };
    const text = limitedText(
      "select environment || ' ' || process_name as n from pipeline_run_state order by n",
      scope,
    );
    return (await connection.runAndReadAll(text)).getRowObjectsJson().map(({ n }) => n);
  };
  expect(await namesOf('team-percent')).toEqual(['prod orders_100%', 'test orders_100%']);
  expect(await namesOf('team-q')).toEqual(['prod orders', 'test orders']);
  expect(await namesOf('team-o')).toEqual(['prod order_2', 'prod orders_1000']);
  expect(await namesOf("team 'all'")).toEqual([
    'prod a_x',
    'prod z',
    'test a_x',
    'test order_2',
    'test orders_1000',
    'test z',
  ]);
  expect(await namesOf('told')).toEqual([]);
});
