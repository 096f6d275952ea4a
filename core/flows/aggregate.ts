import { statementsFor } from '../../sql/statements.ts';
import type { Instant } from '../instant.ts';
import type { LiveStore, QueryEngine } from '../ports.ts';
import { viewOf } from '../run-view.ts';

const DAYS_PER_STATEMENT = 50;
const EXPIRED_PER_TICK = 1000;

/** Silence counts: an open run whose lease has run out makes its day due, so that it reaches the metrics. */
export async function takeSilence(live: LiveStore, now: Instant): Promise<number> {
  const runs = await live.takeExpired(now, EXPIRED_PER_TICK);
  await live.addDueDays(runs.map((run) => viewOf(run).run.run_date).filter((date) => date !== null));
  return runs.length;
}

/** Recomputes `job_metrics` for the days that are due. Returns those days. */
export async function aggregateMetrics(engine: QueryEngine, live: LiveStore, now: Instant): Promise<readonly string[]> {
  const days = await live.dueDays(DAYS_PER_STATEMENT);
  if (days.length === 0) return [];
  await engine.query(statementsFor(engine.dialect).aggregateMetrics, { run_dates: days, now });
  await live.removeDueDays(days);
  return days;
}
