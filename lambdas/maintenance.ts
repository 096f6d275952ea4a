import { TABLES } from '../core/columns.ts';
import { dateOf, epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import type { QueryEngine } from '../core/ports.ts';
import { defineQuery } from '../sql/query.ts';

export interface Retention {
  readonly logsDays: number;
  readonly summariesDays: number;
}

/** The tables, each with how it is kept small. */
export const MAINTAINED = TABLES.map(({ name, partitionedBy: day }) => ({
  table: name,
  // OPTIMIZE and VACUUM are Athena's own statements; each says of itself when it has to run again.
  optimize: defineQuery({
    name: `optimize_${name}`,
    text: `optimize ${name} rewrite data using bin_pack\nwhere ${day} >= :from and ${day} < :before`,
    parameters: { from: 'dates', before: 'dates' },
    columns: {},
  }),
  forget: defineQuery({
    name: `forget_${name}`,
    text: `delete from ${name}\nwhere ${day} < :before`,
    parameters: { before: 'dates' },
    columns: {},
  }),
  vacuum: defineQuery({ name: `vacuum_${name}`, text: `vacuum ${name}`, parameters: {}, columns: {} }),
}));

/** Days whose small files are rewritten: closed ones, that late events may yet have added to. */
const OPTIMIZED_DAYS = 7;

/** Forgets what is past its time, rewrites the small files of closed days, and deletes what no snapshot needs. */
export async function maintainTable(
  engine: QueryEngine,
  { table, optimize, forget, vacuum }: (typeof MAINTAINED)[number],
  { logsDays, summariesDays }: Retention,
  now: Instant,
): Promise<void> {
  const daysAgo = (days: number) => [dateOf(instantOf(epochMsOf(now) - days * 86_400_000))];
  await engine.query(forget, { before: daysAgo(table === 'pipeline_logs' ? logsDays : summariesDays) });
  await untilDone(() => engine.query(optimize, { from: daysAgo(OPTIMIZED_DAYS), before: daysAgo(0) }));
  await untilDone(() => engine.query(vacuum, {}));
}

const MAX_RUNS = 5;

/** `ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED`, `ICEBERG_VACUUM_MORE_RUNS_NEEDED`: done in part. The next day goes on. */
async function untilDone(run: () => Promise<unknown>): Promise<void> {
  for (let runs = 1; ; runs++) {
    try {
      await run();
      return;
    } catch (error) {
      const isDoneInPart = error instanceof Error && error.message.includes('_MORE_RUNS_NEEDED');
      if (!isDoneInPart) throw error;
      if (runs === MAX_RUNS) return;
    }
  }
}
