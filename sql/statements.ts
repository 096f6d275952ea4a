import type { ObjectLimits } from '../core/objects/object-limits.ts';
import type { Columns } from '../core/schema/column-type.ts';
import type { Dialect } from '../core/typed-query.ts';
import { defineQuery } from './define-query.ts';
import { compose } from './fragments.ts';
import countLines from './queries/count-lines.sql';
import { runChangeStatements } from './run-changes.ts';
import jobMetrics from './tables/job_metrics.sql';
import logs from './tables/pipeline_logs.sql';
import runState from './tables/pipeline_run_state.sql';
import stepState from './tables/pipeline_steps.sql';

const lineCountColumns = {
  object: { type: 'varchar', comment: 'the landed file' },
  lines: { type: 'bigint', comment: 'its lines' },
  inserted: { type: 'bigint', comment: 'of those, new events' },
  duplicates: { type: 'bigint', comment: 'of those, events the table had already' },
  unreadable: { type: 'bigint', comment: 'of those, stamped by accept and yet not readable as an event' },
  unaccepted: { type: 'bigint', comment: 'of those, not written by accept' },
} as const satisfies Columns;

/** Athena takes a statement of 262,144 bytes, and the list of objects stands in it as paths, up to twice. */
export const OBJECTS_PER_STATEMENT = { maxObjects: 500, maxKeyBytes: 75_000 } as const satisfies ObjectLimits;

/** Which runs are derived: those the objects touched, of the days from `from` until before `before`. */
const touchedRuns = {
  objects: 'texts',
  event_dates: 'dates',
  log_dates: 'dates',
  run_dates: 'dates',
  from: 'dates',
  before: 'dates',
} as const;

/** For `from` and `before`: no day is left out. */
export const EVERY_DAY = { from: ['0001-01-01'], before: ['9999-12-31'] } as const;

/** The statements that fill the tables, in the order in which they run. */
export const statementsFor = (dialect: Dialect) =>
  ({
    compactEvents: defineQuery({
      name: 'compact_events',
      text: compose(logs, dialect),
      parameters: { objects: 'objects', arrival_dates: 'texts', event_dates: 'dates', event_days: 'texts' },
      columns: {},
    }),
    countLines: defineQuery({
      name: 'count_lines',
      text: compose(countLines, dialect),
      parameters: { objects: 'objects', arrival_dates: 'texts', event_dates: 'dates' },
      columns: lineCountColumns,
    }),
    summarizeRuns: defineQuery({
      name: 'summarize_runs',
      text: compose(runState, dialect),
      parameters: touchedRuns,
      columns: {},
    }),
    summarizeSteps: defineQuery({
      name: 'summarize_steps',
      text: compose(stepState, dialect),
      parameters: touchedRuns,
      columns: {},
    }),
    recordChanges: runChangeStatements(dialect).recordChanges,
    aggregateMetrics: defineQuery({
      name: 'aggregate_metrics',
      text: compose(jobMetrics, dialect),
      parameters: { run_dates: 'dates', now: 'instant' },
      columns: {},
    }),
  }) as const;
