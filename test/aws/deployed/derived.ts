import { expect } from 'vitest';
import { foldRuns } from '../../../core/run/run-fold.ts';
import { type RunState, type RunView, viewOf } from '../../../core/run/run-view.ts';
import { statusAt } from '../../../core/run/status-at.ts';
import { jobMetricsColumns, runStateColumns, stepStateColumns } from '../../../core/schema/columns.ts';
import { isPoisoned, KEPT_SINCE, landedEvents } from './adding-up.ts';
import type { Ledger } from './ledger.ts';

/** Whatever is derived, in the tables and live, is what the distinct events that landed say together. */
export async function expectToFollowFromEvents(ledger: Ledger): Promise<void> {
  const views = foldRuns(await landedEvents(ledger))
    .map(viewOf)
    .filter(isKept);
  const since = `where run_date >= date '${KEPT_SINCE.summaries}'`;
  const runs = await ledger.ask(`select * from pipeline_run_state ${since}`, runStateColumns);
  const steps = await ledger.ask(`select * from pipeline_steps ${since}`, stepStateColumns);
  expect(sorted(runs)).toEqual(sorted(views.map(({ run }) => run)));
  expect(sorted(steps)).toEqual(sorted(views.flatMap((view) => view.steps)));

  // What a poisoned object told was tracked before it was parked.
  const live = (await ledger.live.listRuns({ limit: 100_000 })).filter((run) => !isPoisoned(run.process_name));
  expect(sorted(live.map(viewOf).filter(isKept).map(withoutBreath))).toEqual(sorted(views.map(withoutBreath)));

  const metrics = await ledger.ask(`select * from job_metrics ${since}`, jobMetricsColumns);
  const counted = metrics.map(({ environment, process_name, run_date, ...rest }) => ({
    ...{ environment, process_name, run_date },
    ...Object.fromEntries(COUNTED.map((name) => [name, rest[name]])),
  }));
  expect(sorted(counted)).toEqual(sorted(recounted(views.map(({ run }) => run))));
}

const isKept = ({ run }: RunView): boolean => (run.run_date ?? '') >= KEPT_SINCE.summaries;

/** A heartbeat that brings nothing but itself is not written to the live store. */
const withoutBreath = ({ run, steps }: RunView) => ({
  run: { ...run, last_event_at: null, lease_expires_at: null },
  steps: steps.map((step) => ({ ...step, last_event_at: null })),
});

const COUNTED = [
  'total_runs',
  'success_count',
  'failure_count',
  'cancelled_count',
  'skipped_count',
  'lost_count',
  'open_count',
  'avg_duration_sec',
  'max_duration_sec',
  'total_records_processed',
] as const;

/** `job_metrics` counted plainly, run by run. */
function recounted(runs: readonly RunState[]): readonly object[] {
  const now = new Date().toISOString();
  const days = Map.groupBy(runs, ({ environment, process_name, run_date }) =>
    JSON.stringify([environment, process_name, run_date]),
  );
  return [...days].map(([key, of]) => {
    const [environment, process_name, run_date] = JSON.parse(key) as readonly string[];
    const shown = of.map((run) => statusAt(run, now));
    const count = (...statuses: readonly string[]) => shown.filter((status) => statuses.includes(status)).length;
    const durations = of.flatMap(({ duration_ms }) => duration_ms ?? []);
    const records = of.flatMap(({ records_out, records_in }) => records_out ?? records_in ?? []);
    return {
      ...{ environment, process_name, run_date },
      total_runs: of.length,
      success_count: count('SUCCESS'),
      failure_count: count('FAILED', 'TIMED_OUT', 'LOST'),
      cancelled_count: count('CANCELLED'),
      skipped_count: count('SKIPPED'),
      lost_count: count('LOST'),
      open_count: count('RUNNING', 'QUEUED', 'RETRY', 'SUSPECT'),
      avg_duration_sec: durations.length === 0 ? null : sum(durations) / durations.length / 1000,
      max_duration_sec: durations.length === 0 ? null : Math.max(...durations) / 1000,
      total_records_processed: totalOf(records),
    };
  });
}

/** Unknown when there are none, or more than a number can count. */
function totalOf(records: readonly number[]): number | null {
  const total = records.reduce((all, each) => all + BigInt(each), 0n);
  return records.length === 0 || total > BigInt(Number.MAX_SAFE_INTEGER) ? null : Number(total);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const sorted = <Row extends object>(rows: readonly Row[]): readonly Row[] =>
  rows
    .map((row) => [JSON.stringify(row), row] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, row]) => row);
