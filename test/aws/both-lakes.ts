import { accessLine } from '../../core/access-line.ts';
import { maskOf } from '../../core/mask/mask.ts';
import type { QueryEngine } from '../../core/ports/query-engine.ts';
import type { Columns, RowOf } from '../../core/schema/column-type.ts';
import type { Arguments, Dialect, Parameters, Query } from '../../core/typed-query.ts';
import { EVERY_DAY, statementsFor } from '../../sql/statements.ts';
import { openTestLake } from '../agreement/lake.ts';
import { alertFiles } from '../sql/alert-files.ts';
import { openAwsLake } from './lake.ts';

/** One landed file of lines, with the dates they bear. */
export interface LandedLines {
  /** Its key, below `raw/dt=2025-11-05/`. */
  readonly object: string;
  readonly lines: readonly string[];
  readonly event_dates: readonly string[];
}

export interface BothLakes {
  /** What became of the lines of each object. */
  readonly counts: Readonly<Record<Dialect, readonly object[]>>;
  /** The rows a query answers on each engine. */
  ask<P extends Parameters, C extends Columns>(
    queryFor: (dialect: Dialect) => Query<P, C>,
    values: Arguments<P>,
  ): Promise<Readonly<Record<Dialect, readonly RowOf<C>[]>>>;
  close(): void;
}

const NOW = '2026-01-01T00:00:00.000Z';

const ASKED = accessLine(
  {
    ...{ access_key: 'k', asked_at: '2025-11-05T12:00:07.123Z', caller: 'arn:aws:iam::123456789012:user/ada' },
    ...{ source: '192.0.2.7', user_agent: null, via: 'athena', question: 'select 1', error: null },
  },
  maskOf(),
);

/** The same lines taken in on DuckDB and on Trino, object after object, each derived before the next one lands. */
export async function openBothLakes(landed: readonly LandedLines[], rejections: readonly string[]): Promise<BothLakes> {
  const laptop = await openTestLake();
  const aws = await openAwsLake({ migrated: false });
  const engines: Readonly<Record<Dialect, QueryEngine>> = { duckdb: laptop.engine, trino: aws.engine };
  const write = async (object: string, lines: readonly string[]) => {
    laptop.writeObject(object, lines);
    await aws.writeObject(object, lines);
  };
  await write('rejected/dt=2025-11-05/hh=00/rejected.ndjson', rejections);
  await write('access/dt=2025-11-05/asked.ndjson', [ASKED, 'no line of ours']);
  for (const [object, lines] of await alertFiles()) await write(object, lines);
  for (const { object, lines } of landed) await write(object, lines);
  return {
    counts: { duckdb: await insertLines(laptop.engine, landed), trino: await insertLines(aws.engine, landed) },
    ask: async (queryFor, values) => ({
      duckdb: await engines.duckdb.query(queryFor('duckdb'), values),
      trino: await engines.trino.query(queryFor('trino'), values),
    }),
    close: laptop.close,
  };
}

async function insertLines(engine: QueryEngine, landed: readonly LandedLines[]): Promise<readonly object[]> {
  const statements = statementsFor(engine.dialect);
  const dates = [...new Set(landed.flatMap(({ event_dates }) => event_dates))].sort();
  const counts: object[] = [];
  await engine.migrate();
  for (const { object } of landed) {
    const arrival = { objects: [object], arrival_dates: ['2025-11-05'], event_dates: dates };
    await engine.query(statements.compactEvents, { ...arrival, event_days: dates });
    counts.push(...(await engine.query(statements.countLines, arrival)));
    const touched = { objects: [object], event_dates: dates, log_dates: dates, run_dates: dates, ...EVERY_DAY };
    await engine.query(statements.summarizeRuns, touched);
    await engine.query(statements.summarizeSteps, touched);
    await engine.query(statements.recordChanges, { run_dates: dates, ...EVERY_DAY, known_number: 0, now: NOW });
    await engine.query(statements.aggregateMetrics, { run_dates: dates, now: NOW });
  }
  return counts;
}
