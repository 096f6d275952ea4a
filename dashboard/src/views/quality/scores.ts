import { numberIn, type Row, textIn } from '../../http/rows.ts';

/** How one dataset did over the days that were asked for. */
export interface DatasetQuality {
  readonly environment: string | null;
  readonly dataset: string;
  readonly checks: number;
  readonly failed: number;
  /** The share of the checks that passed. Null: there were none. */
  readonly score: number | null;
  readonly lastFailedCheck: string | null;
  readonly lastRunId: string | null;
  readonly days: ReadonlyMap<string, { readonly checks: number; readonly failed: number }>;
}

/** Datasets, the worst first. */
export function qualityByDataset(rows: readonly Row[]): readonly DatasetQuality[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = JSON.stringify([textIn(row, 'environment'), textIn(row, 'dataset')]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()]
    .map((those) => {
      const byDay = [...those].sort((a, b) => (textIn(b, 'day') ?? '').localeCompare(textIn(a, 'day') ?? ''));
      const days = byDay.map((row) => ({
        day: textIn(row, 'day')?.slice(0, 10) ?? '',
        checks: numberIn(row, 'checks') ?? 0,
        failed: numberIn(row, 'failed_checks') ?? 0,
      }));
      const checks = days.reduce((sum, day) => sum + day.checks, 0);
      const failed = days.reduce((sum, day) => sum + day.failed, 0);
      const [latest] = byDay;
      return {
        environment: latest === undefined ? null : textIn(latest, 'environment'),
        dataset: latest === undefined ? '' : (textIn(latest, 'dataset') ?? ''),
        ...{ checks, failed, score: checks === 0 ? null : 1 - failed / checks },
        lastFailedCheck: byDay.map((row) => textIn(row, 'last_failed_check')).find((each) => each !== null) ?? null,
        lastRunId: latest === undefined ? null : textIn(latest, 'last_run_id'),
        days: new Map(days.map((day) => [day.day, day])),
      };
    })
    .sort((a, b) => (a.score ?? 1) - (b.score ?? 1) || a.dataset.localeCompare(b.dataset));
}
