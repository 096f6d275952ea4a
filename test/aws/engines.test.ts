import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Columns, ColumnType } from '../../core/column-type.ts';
import { runStateColumns, TABLES, VIEWS } from '../../core/columns.ts';
import type { QueryEngine } from '../../core/ports.ts';
import type { Arguments, Dialect, Parameters, Query } from '../../core/query.ts';
import { quotedName } from '../../sql/dialect.ts';
import { namedQueries } from '../../sql/queries.ts';
import { defineQuery } from '../../sql/query.ts';
import { statementsFor } from '../../sql/statements.ts';
import { handMade } from '../agreement/hand-made.ts';
import { histories } from '../agreement/histories.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';
import { openAwsLake } from './lake.ts';
import { accepted, rejectedLine, strayLines, toldFirst, toldLast, toldLater } from './sent-lines.ts';
import { wildLines } from './wild-lines.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const NOW = '2026-01-01T00:00:00.000Z';

/** Three objects, one after another: what the later ones say changes, moves and removes rows of the earlier. */
const told = [accepted([...toldFirst, ...wildLines(200, seed)]), accepted(toldLater), accepted(toldLast)];
const canonical = [...handMade.map(({ history }) => history), ...histories(60, seed)].flat();
const rounds = told.map(({ lines, events }, round) => ({
  object: `raw/dt=2025-11-05/hh=0${round}/landed-${round}.ndjson`,
  lines: [
    ...lines,
    ...(round === 0
      ? canonical.map(({ event_key, event_date, event_time, ...rest }) =>
          JSON.stringify({ event_key, event_date, event_time, ...rest }),
        )
      : []),
    ...(round === 1 ? strayLines : []),
  ],
  event_dates: [...events, ...(round === 0 ? canonical : [])].map(({ event_date }) => event_date),
}));
const dates = [...new Set(rounds.flatMap(({ event_dates }) => event_dates))].sort();
const rejections = accepted([
  'not json',
  '[1]',
  '{"run_id":"1"}',
  '{"process_name":"p","run_id":"1"}',
  'not json',
  '{"a":"\u{1F600}"',
]).rejections;

const { environment, process_name, run_id } = runStateColumns;
const openRuns = defineQuery({
  name: 'open_runs',
  text: 'select environment, process_name, run_id from pipeline_run_state where end_time is null',
  parameters: {},
  columns: { environment, process_name, run_id },
});

interface Side {
  readonly engine: QueryEngine;
  readonly counts: unknown[];
  writeObject(object: string, lines: readonly string[]): void | Promise<void>;
}

let laptop: TestLake;
const sides = {} as Record<Dialect, Side>;
/** The runs that have no end. */
let endless: ReadonlySet<string>;
beforeAll(async () => {
  laptop = await openTestLake();
  sides.duckdb = { engine: laptop.engine, writeObject: laptop.writeObject, counts: [] };
  const aws = await openAwsLake();
  sides.trino = { engine: aws.engine, writeObject: aws.writeObject, counts: [] };
  for (const side of Object.values(sides)) await takeIn(side);
  const runs = await laptop.engine.query(openRuns, {});
  endless = new Set(runs.map(keyOf));
});
afterAll(() => laptop.close());

async function takeIn({ engine, writeObject, counts }: Side): Promise<void> {
  const statements = statementsFor(engine.dialect);
  await writeObject('rejected/dt=2025-11-05/hh=00/rejected.ndjson', rejections.map(rejectedLine));
  await engine.migrate();
  for (const { object, lines } of rounds) {
    await writeObject(object, lines);
    const arrival = { objects: [object], arrival_dates: ['2025-11-05'], event_dates: dates };
    await engine.query(statements.compactEvents, { ...arrival, event_days: dates });
    counts.push(...(await engine.query(statements.countLines, arrival)));
    const touched = { objects: [object], event_dates: dates, log_dates: dates, run_dates: dates };
    await engine.query(statements.summarizeSteps, touched);
    await engine.query(statements.summarizeRuns, touched);
    await engine.query(statements.aggregateMetrics, { run_dates: dates, now: NOW });
  }
}

/** The rows a query answers on each engine. */
async function both<P extends Parameters, C extends Columns>(
  queryFor: (dialect: Dialect) => Query<P, C>,
  values: Arguments<P>,
) {
  const answer = async (dialect: Dialect) => sides[dialect].engine.query(queryFor(dialect), values);
  return { duckdb: await answer('duckdb'), trino: await answer('trino') };
}

describe('tables', () => {
  test.each(TABLES.map((table) => [table.name, table] as const))('%s holds the same rows', async (name, table) => {
    const queryFor = (dialect: Dialect) =>
      defineQuery({
        name: `all_${name}`,
        text: `select ${Object.entries(table.columns)
          .map(([column, { type }]) => asText(column, type, dialect))
          .join(', ')} from ${name}`,
        parameters: {},
        columns: Object.fromEntries(
          Object.entries(table.columns as Columns).map(
            ([column, { type, comment }]) =>
              [column, { type: typeof type === 'string' ? type : 'varchar', comment }] as const,
          ),
        ),
      });
    const { duckdb, trino } = await both(queryFor, {});
    const plain = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      sorted(
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, value]) => [
              column,
              isNested(table.columns, column) ? known(value) : value,
            ]),
          ),
        ),
      );
    expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
    expect(plain(trino), `seed ${seed}`).toEqual(plain(duckdb));
  });
});

describe('views', () => {
  test.each(VIEWS.map((view) => [view.name, view] as const))('%s holds the same rows', async (name, view) => {
    const query = defineQuery({
      name,
      text: `select * from ${name}`,
      parameters: {},
      columns: view.columns as Columns,
    });
    const { duckdb, trino } = await both(() => query, {});
    expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
    expect(sorted(trino.map(timeless)), `seed ${seed}`).toEqual(sorted(duckdb.map(timeless)));
  });
});

describe('questions', () => {
  test.each(Object.values(namedQueries).map((query) => [query.name, query] as const))(
    '%s answers the same rows, in the same order',
    async (_, query) => {
      const values = Object.fromEntries(
        Object.keys(query.parameters).map((name) => [name, '2025-11-05T00:00:00.000Z']),
      );
      const { duckdb, trino } = await both(() => query as Query, values as never);
      expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
      expect(trino.map(timeless), `seed ${seed}`).toEqual(duckdb.map(timeless));
    },
  );
});

test('count_lines counts the same', () => {
  expect(sides.duckdb.counts).toHaveLength(rounds.length);
  expect(sides.duckdb.counts[0], `seed ${seed}: every line accept writes can be read`).toMatchObject({
    unaccepted: 0,
    unreadable: 0,
  });
  expect(sides.duckdb.counts[1]).toMatchObject({ lines: 11, inserted: 3, duplicates: 1, unaccepted: 6, unreadable: 1 });
  expect(sides.trino.counts).toEqual(sides.duckdb.counts);
});

/** A nested value as JSON text, which both engines can write. */
function asText(column: string, type: ColumnType, dialect: Dialect): string {
  const name = quotedName(column);
  if (typeof type === 'string') return name;
  return dialect === 'trino'
    ? `json_format(cast(${name} as json)) as ${name}`
    : `cast(to_json(${name}) as varchar) as ${name}`;
}

const isNested = (columns: Columns, column: string): boolean => typeof columns[column]?.type !== 'string';

/** JSON text as what it says; what is unknown in it is left out. */
const known = (text: unknown): unknown =>
  text === null ? null : JSON.parse(String(text), (_, value: unknown) => (value === null ? undefined : value));

/** Without what differs from one moment to the next: how long runs without an end have been going on. */
function timeless(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { running_for_ms: _, ...rest } = row;
  return 'elapsed_ms' in row && endless.has(keyOf(row)) ? { ...rest, elapsed_ms: null, over_by_ms: null } : rest;
}

const keyOf = ({ environment, process_name, run_id }: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([environment, process_name, run_id]);

const sorted = (rows: readonly object[]): readonly object[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
