import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decisionLine } from '../../core/accept/rejection.ts';
import type { Price } from '../../core/prices/price.ts';
import { argumentsOf, type Question } from '../../core/question.ts';
import type { Columns, ColumnType } from '../../core/schema/column-type.ts';
import { runStateColumns, TABLES, VIEWS } from '../../core/schema/columns.ts';
import type { Dialect, Query } from '../../core/typed-query.ts';
import { defineQuery } from '../../sql/define-query.ts';
import { questions } from '../../sql/questions.ts';
import { quotedName } from '../../sql/type-names.ts';
import { handMade } from '../agreement/hand-made.ts';
import { histories } from '../agreement/histories.ts';
import { grafanaPanels } from '../sql/grafana-panels.ts';
import { type BothLakes, openBothLakes } from './both-lakes.ts';
import {
  accepted,
  landedLine,
  rejectedLine,
  sentFirst,
  sentLast,
  sentLater,
  sentNightly,
  strayLines,
  unfit,
} from './sent-lines.ts';
import { wildLines } from './wild-lines.ts';

const seed = Number(process.env.SEED ?? randomInt(2 ** 31));
const told = [...handMade.map(({ history }) => history), ...histories(60, seed)].flat();
/** Three objects, one after another: what the later ones say changes, moves and removes rows of the earlier. */
const rounds = [
  { ...accepted([...sentFirst, ...sentNightly, ...wildLines(200, seed)]), more: told.map(landedLine) },
  { ...accepted(sentLater), more: strayLines },
  { ...accepted(sentLast), more: [] },
];
const landed = rounds.map(({ lines, events, more }, round) => ({
  object: `raw/dt=2025-11-05/hh=0${round}/landed-${round}.ndjson`,
  lines: [...lines, ...more],
  event_dates: [...events, ...(round === 0 ? told : [])].map(({ event_date }) => event_date),
}));

let lakes: BothLakes;
/** The runs that have no end. */
let endless: ReadonlySet<string>;
beforeAll(async () => {
  const { rejections } = accepted(unfit);
  const decisions = rejections.slice(0, 2).map(({ rejection_key }, at) =>
    decisionLine({
      ...{ rejection_key, decided_at: '2025-11-05T00:40:00.000Z' },
      ...(at === 0 ? { decision: 'accepted' } : { decision: 'dismissed', reason: 'not ours' }),
    }),
  );
  lakes = await openBothLakes(landed, [...rejections.map(rejectedLine), ...decisions]);
  endless = new Set((await lakes.ask(() => endlessRuns, {})).duckdb.map(keyOf));
});
/** Rows that each query, view and table gave on each engine. */
const compared: Record<string, Readonly<Record<Dialect, number>>> = {};
afterAll(() => {
  console.table(compared);
  lakes.close();
});

describe('tables', () => {
  test.each(TABLES.map(({ name, columns }) => [name, columns as Columns] as const))(
    '%s holds the same rows',
    async (name, columns) => {
      const { duckdb, trino } = await lakes.ask((dialect) => everyRow(name, columns, dialect), {});
      const plain = (rows: readonly Row[]) => sorted(rows.map((row) => parsed(row, columns)));
      expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
      compared[name] = { duckdb: duckdb.length, trino: trino.length };
      expect(plain(trino), `seed ${seed}`).toEqual(plain(duckdb));
    },
  );
});

describe('views', () => {
  test.each(VIEWS.map((view) => [view.name, view.columns as Columns] as const))(
    '%s holds the same rows',
    async (name, columns) => {
      const query = defineQuery({ name, text: `select * from ${name}`, parameters: {}, columns });
      const { duckdb, trino } = await lakes.ask(() => query, {});
      expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
      compared[name] = { duckdb: duckdb.length, trino: trino.length };
      expect(sorted(trino.map(timeless)), `seed ${seed}`).toEqual(sorted(duckdb.map(timeless)));
    },
  );
});

describe('questions', () => {
  const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'expected-against-actual': { day: '2025-11-03' },
  };
  test.each(Object.values(questions).map((query) => [query.name, query] as const))(
    '%s answers the same rows, in the same order',
    async (name, query) => {
      // What is asked of one run is asked of the one that everything is told of.
      const ofRun = Object.hasOwn(query.asks, 'run_id') && name !== 'find-runs' ? { run_id: 'run-1' } : {};
      const { duckdb, trino } = await asked(query, given[name] ?? ofRun);
      expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
      compared[name] = { duckdb: duckdb.length, trino: trino.length };
      const comparable = (row: Row): Row => readable(timeless(row), query.columns);
      expect(trino.map(comparable), `seed ${seed}`).toEqual(duckdb.map(comparable));
    },
  );

  const prices: readonly Price[] = [
    { unit: 'node_hour', name: "r5.4x'large", price: 1.008, currency: 'EUR' },
    { unit: 'dpu_hour', name: '', price: 0.44, currency: 'EUR' },
  ];
  const others: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ['pipelines', { process_name: 'night*', owner: 'crm', environment: 'prod' }],
    ['kpis', { by: 'week', per: 'pipeline', owner: 'crm' }],
    ['kpis', { owner: 'no such' }],
    ['lineage', { table: 's3://in/a', direction: 'both', depth: '10' }],
    ['stale-if-late', { process_name: 'nightly' }],
    ['duration-trend', { process_name: '?ourly', limit: '3' }],
    ['cost', { by: 'run' }],
    ['cost', { by: 'owner' }],
  ];
  test.each(others)('%s answers the same rows to %j', async (name, values) => {
    const { duckdb, trino } = await asked(questions[name] as Question, values);
    expect(trino.map(timeless), `seed ${seed}`).toEqual(duckdb.map(timeless));
  });

  const panels = grafanaPanels({ since: '2025-10-06T00:00:00.000Z', now: '2025-11-05T00:00:00.000Z' });
  test.each(panels.map(({ title, sql }) => [title, sql] as const))(
    'the panel "%s" of the Grafana dashboard answers the same rows',
    async (title, text) => {
      const { columns } = Object.values(questions).find(({ summary }) => text.startsWith(`-- ${summary}`)) as Question;
      const panel = defineQuery({ name: title, text, parameters: {}, columns });
      const { duckdb, trino } = await lakes.ask(() => panel, {});
      expect(duckdb.length, 'there are rows to compare').toBeGreaterThan(0);
      expect(trino.map(timeless), `seed ${seed}`).toEqual(duckdb.map(timeless));
    },
  );

  const asked = (query: Question, values: Readonly<Record<string, string>>) =>
    lakes.ask(
      () => query,
      argumentsOf(query, values, '2025-11-05T00:00:00.000Z', () => prices),
    );
});

test('count_lines counts the same, and every line that accept wrote can be read', () => {
  expect(lakes.counts.duckdb).toMatchObject([
    { unaccepted: 0, unreadable: 0 },
    { lines: 11, inserted: 3, duplicates: 1, unaccepted: 6, unreadable: 1 },
    { unaccepted: 0, unreadable: 0 },
  ]);
  expect(lakes.counts.trino, `seed ${seed}`).toEqual(lakes.counts.duckdb);
});

type Row = Readonly<Record<string, unknown>>;

/** Nested values as JSON text, which both engines can write. */
function everyRow(table: string, columns: Columns, dialect: Dialect): Query<Record<never, never>, Columns> {
  const asText = (column: string, type: ColumnType): string => {
    const name = quotedName(column);
    if (typeof type === 'string') return name;
    return dialect === 'trino'
      ? `json_format(cast(${name} as json)) as ${name}`
      : `cast(to_json(${name}) as varchar) as ${name}`;
  };
  const selected = Object.entries(columns).map(([column, { type }]) => asText(column, type));
  const shown = Object.entries(columns).map(([column, { type, comment }]) => [
    column,
    { type: typeof type === 'string' ? type : 'varchar', comment } as const,
  ]);
  return defineQuery({
    name: `all_${table}`,
    text: `select ${selected.join(', ')} from ${table}`,
    parameters: {},
    columns: Object.fromEntries(shown),
  });
}

/** With the JSON text of nested values read; what is unknown in them is left out. */
const parsed = (row: Row, columns: Columns): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      value === null || typeof columns[column]?.type === 'string'
        ? value
        : JSON.parse(String(value), (_, each: unknown) => (each === null ? undefined : plainTime(each))),
    ]),
  );

/** A time within a nested value is text, which Trino writes with six digits and DuckDB with as many as it takes. */
const plainTime = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.?\d*$/.test(value)
    ? value.replace(/\.?0*$/, (zeros) => (value.includes('.') ? '' : zeros))
    : value;

const { environment, process_name, run_id } = runStateColumns;
const endlessRuns = defineQuery({
  name: 'endless_runs',
  text: 'select environment, process_name, run_id from pipeline_run_state where end_time is null',
  parameters: {},
  columns: { environment, process_name, run_id },
});
const keyOf = (row: Row): string => JSON.stringify([row.environment, row.process_name, row.run_id]);

/** Without what differs from one moment to the next: how long runs without an end have been going on. */
function timeless(row: Row): Row {
  const { running_for_ms: _, ...rest } = row;
  return 'elapsed_ms' in row && endless.has(keyOf(row)) ? { ...rest, elapsed_ms: null, over_by_ms: null } : rest;
}

/** With the JSON text of nested values read: the engines order its keys, and write its numbers, in their own way. */
const readable = (row: Row, columns: Columns): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]) => [
      column,
      typeof value === 'string' && columns[column]?.comment.startsWith('JSON text')
        ? JSON.parse(value, (_, each: unknown) => (each === null ? undefined : each))
        : value,
    ]),
  );

const sorted = (rows: readonly Row[]): readonly Row[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
