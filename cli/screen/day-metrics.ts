import { countShown, durationShown } from '../../core/format.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import type { LedgerApi } from '../../ledger/api.ts';
import { render } from '../../sql/define-query.ts';
import { metricsOfDay } from '../../sql/queries.ts';
import type { Screen } from './screen.ts';
import { tableOf } from './table.ts';

/** The day's row of `job_metrics` for the pipeline of a run, as a small table; nothing when there is none. */
export async function dayMetrics(
  ledger: Pick<LedgerApi, 'query'>,
  { environment, process_name, run_date }: ShownRun,
  screen: Screen,
): Promise<readonly string[]> {
  if (environment === null || process_name === null || run_date === null) return [];
  const { rows } = await ledger.query(render(metricsOfDay, { environment, process_name, days: [run_date] }));
  const [metrics] = rows as readonly (readonly (number | null)[])[];
  if (metrics === undefined) return [];
  const [runs, successes, failures, p50, p95, records] = metrics.map((each) => each ?? null);
  const seconds = (value: number | null | undefined): string => durationShown(value == null ? null : value * 1000);
  const heads = ['day', 'pipeline', 'runs', 'succeeded', 'failed', 'p50', 'p95', 'records'];
  const columns = heads.map((head, index) => ({ head, align: index < 2 ? ('left' as const) : ('right' as const) }));
  const counts = [runs, successes, failures].map((each) => countShown(each ?? null));
  const row = [run_date, process_name, ...counts, seconds(p50), seconds(p95), countShown(records ?? null)];
  return tableOf(columns, [row], screen) ?? [];
}
