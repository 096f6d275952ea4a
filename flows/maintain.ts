import { dateOf, epochMsOf, type Instant, instantOf } from '../core/instant.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import type { MAINTAINED } from '../sql/maintenance.ts';

/** Days after which the tables forget: `pipeline_logs` by `logsDays`, the others by `summariesDays`. */
export interface Retention {
  readonly logsDays: number;
  readonly summariesDays: number;
}

/** Closed days whose small files are rewritten each time, because late events may have added to them. */
const OPTIMIZED_DAYS = 7;

/** Expires what is past its time, rewrites the small files of closed days, and deletes what no snapshot needs. */
export async function maintainTable(
  engine: QueryEngine,
  { table, optimize, expire, vacuum }: (typeof MAINTAINED)[number],
  { logsDays, summariesDays }: Retention,
  now: Instant,
): Promise<void> {
  await engine.query(expire, { before: [daysBefore(now, table === 'pipeline_logs' ? logsDays : summariesDays)] });
  const span = { from: [daysBefore(now, OPTIMIZED_DAYS)], before: [daysBefore(now, 0)] };
  await untilDone(() => engine.query(optimize, span));
  await untilDone(() => engine.query(vacuum, {}));
}

/** The UTC date so many days ago. */
export const daysBefore = (now: Instant, days: number): string => dateOf(instantOf(epochMsOf(now) - days * 86_400_000));

const MAX_RUNS = 5;

/** Athena fails with `ICEBERG_…_MORE_RUNS_NEEDED` when it did a part: run it again; the next day does what is left. */
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
