import { describe, expect, test } from 'vitest';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import { maintainTable } from '../../flows/maintain.ts';
import { MAINTAINED } from '../../sql/maintenance.ts';

const NOW = '2025-11-03T14:30:00.000Z';
const retention = { logsDays: 400, summariesDays: 1095 };
const tableOf = (name: string) => {
  const found = MAINTAINED.find(({ table }) => table === name);
  if (!found) throw new Error(`expected the table ${name} to be maintained`);
  return found;
};

/** An engine that records what it is asked; `failing` says what a query throws, the so-manieth time it is asked. */
function anEngine(failing: (name: string, times: number) => Error | undefined = () => undefined) {
  const asked: [string, unknown][] = [];
  const engine: QueryEngine = {
    dialect: 'trino',
    migrate: async () => [],
    query: async ({ name }, values) => {
      asked.push([name, values]);
      const failure = failing(name, asked.filter(([each]) => each === name).length);
      if (failure) throw failure;
      return [];
    },
  };
  return { engine, asked, names: () => asked.map(([name]) => name) };
}

test('what is past its time expires, closed days of a week are rewritten, and what no snapshot needs is deleted', async () => {
  const { engine, asked } = anEngine();
  await maintainTable(engine, tableOf('pipeline_logs'), retention, NOW);
  expect(asked).toEqual([
    ['expire_pipeline_logs', { before: ['2024-09-29'] }],
    ['optimize_pipeline_logs', { from: ['2025-10-27'], before: ['2025-11-03'] }],
    ['vacuum_pipeline_logs', {}],
  ]);
});

test('summaries are kept for their own time', async () => {
  const { engine, asked } = anEngine();
  await maintainTable(engine, tableOf('pipeline_run_state'), retention, NOW);
  expect(asked[0]).toEqual(['expire_pipeline_run_state', { before: ['2022-11-04'] }]);
});

describe('a statement that says it is done in part', () => {
  const more = new Error('ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: run it again');

  test('runs again until it is done', async () => {
    const { engine, names } = anEngine((name, times) => (/optimize|vacuum/.test(name) && times < 3 ? more : undefined));
    await maintainTable(engine, tableOf('pipeline_logs'), retention, NOW);
    expect(names().slice(1)).toEqual([
      ...Array(3).fill('optimize_pipeline_logs'),
      ...Array(3).fill('vacuum_pipeline_logs'),
    ]);
  });

  test('is left to the next day after five runs, and the others still run', async () => {
    const { engine, names } = anEngine((name) => (name.startsWith('optimize') ? more : undefined));
    await maintainTable(engine, tableOf('pipeline_logs'), retention, NOW);
    expect(names().filter((name) => name.startsWith('optimize'))).toHaveLength(5);
    expect(names().at(-1)).toBe('vacuum_pipeline_logs');
  });
});

test('any other failure is one, at once', async () => {
  const { engine, names } = anEngine((name) => (name.startsWith('optimize') ? new Error('Athena is away') : undefined));
  await expect(maintainTable(engine, tableOf('pipeline_logs'), retention, NOW)).rejects.toThrow('Athena is away');
  expect(names()).toHaveLength(2);
});
