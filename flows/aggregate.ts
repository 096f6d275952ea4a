import type { Instant } from '../core/instant.ts';
import type { LiveStore } from '../core/ports/live-store.ts';
import type { QueryEngine } from '../core/ports/query-engine.ts';
import { statementsFor } from '../sql/statements.ts';

const DAYS_PER_STATEMENT = 50;

/** Recomputes `job_metrics` for days that are due, some at a time. Returns those days; none when none was due. */
export async function aggregateMetrics(engine: QueryEngine, live: LiveStore, now: Instant): Promise<readonly string[]> {
  const days = await live.dueDays(DAYS_PER_STATEMENT);
  if (days.length === 0) return [];
  await engine.query(statementsFor(engine.dialect).aggregateMetrics, { run_dates: days, now });
  await live.removeDueDays(days);
  return days;
}
