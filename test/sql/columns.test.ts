import { afterAll, beforeAll, expect, test } from 'vitest';
import { argumentsOf } from '../../core/question.ts';
import { TABLES, VIEWS } from '../../core/schema/columns.ts';
import type { ParameterKind, Query } from '../../core/typed-query.ts';
import { defineQuery, render } from '../../sql/define-query.ts';
import { countEvents, keptLines, seenRuns, usualEnvironment } from '../../sql/history-of-rules.ts';
import { metricsOfDay, pipelineNames } from '../../sql/queries.ts';
import { questions } from '../../sql/questions.ts';
import {
  completeRejectionKey,
  findRejections,
  latestRejections,
  openRejections,
  sizeRejections,
} from '../../sql/rejections.ts';
import { openTestLake, type TestLake } from '../agreement/lake.ts';

let lake: TestLake;
beforeAll(async () => {
  lake = await openTestLake();
});
afterAll(() => lake.close());

const columnsOf = async (sql: string) => {
  const connection = await lake.database.connect();
  const prepared = await connection.prepare(sql);
  return Array.from({ length: prepared.columnCount }, (_, index) => [
    prepared.columnName(index),
    String(prepared.columnType(index)),
  ]);
};

const shownType = {
  varchar: 'VARCHAR',
  bigint: 'BIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  date: 'DATE',
};

test.each([...TABLES, ...VIEWS])(
  '$name has the columns that are documented, in name and type',
  async ({ name, columns }) => {
    const found = (await columnsOf(`select * from ${name}`)).map(([column, type]) => [
      column,
      /\(|\[/.test(type ?? '') ? 'nested' : type,
    ]);
    const documented = Object.entries(columns).map(([column, { type }]) => [
      column,
      typeof type === 'string' ? shownType[type as keyof typeof shownType] : 'nested',
    ]);
    expect(found).toEqual(documented);
  },
);

test.each(Object.values(questions).map((query) => [query.name, query] as const))(
  'the question %s answers the columns it declares',
  async (_, query) => {
    const found = await columnsOf(render(query, argumentsOf(query, {}, '2025-11-03T12:00:00.000Z')));
    expect(found).toEqual(
      Object.entries(query.columns).map(([column, { type }]) => [column, shownType[type as keyof typeof shownType]]),
    );
    expect(query.summary).toMatch(/^[A-Z].*\.$/);
  },
);

const OF_KIND = {
  dates: ['2025-11-03'],
  day: '2025-11-03',
  pattern: 'a*',
  prices: [],
  instant: '2025-11-03T12:00:00.000Z',
  integer: 5,
  text: 'a',
  texts: ['a'],
  objects: [],
} as const satisfies Record<ParameterKind, unknown>;

test.each(
  [
    ...[metricsOfDay, pipelineNames],
    ...[latestRejections, findRejections, sizeRejections, completeRejectionKey, openRejections],
    ...[seenRuns, countEvents, keptLines, usualEnvironment],
  ].map((query): readonly [string, Query] => [query.name, query]),
)('the query %s answers the columns it declares', async (_, query) => {
  const values = Object.fromEntries(
    Object.entries(query.parameters).map(([name, kind]) => [
      name,
      /day$|^since$/.test(name) ? '2025-11-03' : OF_KIND[kind],
    ]),
  );
  expect(await columnsOf(render(query, values as never))).toEqual(
    Object.entries(query.columns).map(([column, { type }]) => [column, shownType[type as keyof typeof shownType]]),
  );
});

test('migrating twice changes nothing, and a column that is missing is added', async () => {
  expect(await lake.engine.migrate()).toEqual([]);
  const connection = await lake.database.connect();
  for (const { name } of VIEWS) await connection.run(`drop view ${name}`);
  await connection.run('alter table job_metrics drop column lost_count');
  expect(await lake.engine.migrate()).toEqual(['added column job_metrics.lost_count']);
  await lake.engine.query(
    defineQuery({ name: 'q', text: 'select lost_count from job_metrics', parameters: {}, columns: {} }),
    {},
  );
});
