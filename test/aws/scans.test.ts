import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { argumentsOf, type Question } from '../../core/question.ts';
import { VIEWS } from '../../core/schema/columns.ts';
import type { Query } from '../../core/typed-query.ts';
import { scansOf as pricedScansOf, type StatementName } from '../../scripts/cost/scans.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { questions } from '../../sql/questions.ts';
import { EVERY_DAY, statementsFor } from '../../sql/statements.ts';
import { type AwsLake, openAwsLake } from './lake.ts';

/** An engine that inlines a step reads the log anew for each use of it, and bills each reading. */
const MOST_SCANS = 3;
const PLAN = 'Query Plan';

const DAY = ['2025-11-03'];
const values = {
  objects: ['raw/dt=2025-11-03/hh=12/landed.ndjson'],
  arrival_dates: DAY,
  event_dates: DAY,
  event_days: DAY,
  log_dates: DAY,
  run_dates: DAY,
  ...EVERY_DAY,
  now: '2025-11-03T13:00:00.000Z',
  since: '2025-11-03T00:00:00.000Z',
  known_number: 0,
};

/** Of a question: what it asks when nothing is given. */
const defaultsOf = (question: Question) => argumentsOf(question, {}, values.now);

/** The scans of each, as found. */
const found: Record<string, Readonly<Record<string, number>>> = {};
afterAll(() => console.table(found));

let lake: AwsLake;
beforeAll(async () => {
  lake = await openAwsLake();
});

describe(`reads pipeline_logs at most ${MOST_SCANS} times`, () => {
  test.each(Object.values(statementsFor('trino')).map((query) => [query.name, query as Query] as const))(
    'the statement %s',
    async (name, query) => expectFewScans(name, query),
  );
  test.each(VIEWS.map(({ name }) => name))('the view %s', async (name) =>
    expectFewScans(name, defineQuery({ name, text: `select * from ${name}`, parameters: {}, columns: {} })),
  );
  test.each(Object.values(questions).map((query) => [query.name, query] as const))(
    'the question %s',
    async (name, query) => expectFewScans(name, query, defaultsOf(query)),
  );
});

test.each(Object.entries(statementsFor('trino')))(
  'the price of %s counts the scans its plan has',
  async (_name, query) => {
    const priced: Record<string, number> = {};
    for (const { table } of pricedScansOf[query.name as StatementName]) priced[table] = (priced[table] ?? 0) + 1;
    const { raw_lines: _, ...planned } = await scansOf(query as Query);
    expect(planned, 'change scripts/cost/scans.ts with the plan').toEqual(priced);
  },
);

async function expectFewScans(name: string, query: Query, given: object = values): Promise<void> {
  const scans = await scansOf(query, given);
  found[name] = scans;
  const listed = Object.entries(scans).map(([table, count]) => `${table} ${count} times`);
  expect(scans.pipeline_logs ?? 0, `${name} scans ${listed.join(', ')}`).toBeLessThanOrEqual(MOST_SCANS);
  // A plan in which no table is found is one that this test cannot read.
  expect(listed, `the plan of ${name}`).not.toEqual([]);
}

/** How often the plan of a query reads each table. */
async function scansOf(query: Query, given: object = values): Promise<Readonly<Record<string, number>>> {
  const explained = await lake.engine.query(
    {
      ...query,
      text: `explain\n${query.text}`,
      columns: { [PLAN]: { type: 'varchar', comment: 'a line of the plan, or all of it' } },
    },
    Object.fromEntries(Object.keys(query.parameters).map((name) => [name, given[name as keyof typeof given]])),
  );
  const plan = explained.map((row) => row[PLAN]).join('\n');
  const scans: Record<string, number> = {};
  for (const [, table = ''] of plan.matchAll(/Scan\w*\[table = \w+:\w+[.:](\w+)/g)) {
    scans[table] = (scans[table] ?? 0) + 1;
  }
  return scans;
}
