import { dateOf, epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { MAINTAINED } from '../sql/maintenance.ts';

export interface Retention {
  readonly logsDays: number;
  readonly summariesDays: number;
}

/** Days whose small files are rewritten: closed ones, that late events may yet have added to. */
const OPTIMIZED_DAYS = 7;

/** Forgets what is past its time, rewrites the small files of closed days, and deletes what no snapshot needs. */
export async function maintainTable(
  engine: QueryEngine,
  { table, optimize, expire, vacuum }: (typeof MAINTAINED)[number],
  { logsDays, summariesDays }: Retention,
  now: Instant,
): Promise<void> {
  const daysAgo = (days: number) => [dateOf(instantOf(epochMsOf(now) - days * 86_400_000))];
  await engine.query(expire, { before: daysAgo(table === 'pipeline_logs' ? logsDays : summariesDays) });
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
