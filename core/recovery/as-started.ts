import type { ToldRun } from '../run/told-run.ts';
import type { Recovery, Restart } from './recovery.ts';

/**
 * Runs as the ledger knows them that started some of them: a job that says nothing of the slot it was started for, or of
 * being a backfill, is one all the same. What only the ledger itself has told of is no run yet, and left out.
 */
export function asStarted(runs: readonly ToldRun[], recoveries: readonly Recovery[]): readonly ToldRun[] {
  const heard = runs.filter(({ run }) => isHeardOf(run));
  const byRun = new Map(recoveries.flatMap(({ restarts }) => restarts.map((each) => [each.run_id, each] as const)));
  if (byRun.size === 0) return heard;
  return heard.map((told) => {
    const restart = byRun.get(told.run.run_id ?? '');
    return restart === undefined ? told : withStart(told, restart);
  });
}

/** Whether anybody but the ledger has told of a run. */
export const isHeardOf = ({ last_event_at }: Pick<ToldRun['run'], 'last_event_at'>): boolean => last_event_at !== null;

function withStart(told: ToldRun, { run_mode, scheduled_for }: Restart): ToldRun {
  const { run } = told;
  const mode = run_mode === 'backfill' ? run_mode : run.run_mode;
  const slot = run.scheduled_for ?? scheduled_for ?? null;
  if (mode === run.run_mode && slot === run.scheduled_for) return told;
  return { ...told, run: { ...run, run_mode: mode, scheduled_for: slot } };
}
