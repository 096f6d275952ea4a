import { instantIn, numberIn, type Row, textIn } from '../../http/rows.ts';
import { dateAfter } from '../../time/zone.ts';

/** A pipeline, how it does, and its days. */
export interface PipelineRow {
  readonly environment: string;
  readonly process_name: string;
  readonly owner: string | null;
  readonly last_status: string | null;
  readonly last_run_id: string | null;
  readonly last_start_time: string | null;
  readonly last_error_message: string | null;
  readonly runs: number;
  readonly failed: number;
  readonly success_rate: number | null;
  readonly p50_duration_ms: number | null;
  readonly p95_duration_ms: number | null;
  readonly last_success_at: string | null;
  readonly open_runs: number;
}

export interface DayCell {
  readonly day: string;
  readonly runs: number;
  readonly failed: number;
  readonly late: number;
  readonly running: number;
  readonly worst_status: string | null;
}

export const pipelineIn = (row: Row): PipelineRow => ({
  environment: textIn(row, 'environment') ?? '',
  process_name: textIn(row, 'process_name') ?? '',
  owner: textIn(row, 'owner'),
  last_status: textIn(row, 'last_status'),
  last_run_id: textIn(row, 'last_run_id'),
  last_start_time: instantIn(row, 'last_start_time'),
  last_error_message: textIn(row, 'last_error_message'),
  runs: numberIn(row, 'runs') ?? 0,
  failed: numberIn(row, 'failed') ?? 0,
  success_rate: numberIn(row, 'success_rate'),
  p50_duration_ms: numberIn(row, 'p50_duration_ms'),
  p95_duration_ms: numberIn(row, 'p95_duration_ms'),
  last_success_at: instantIn(row, 'last_success_at'),
  open_runs: numberIn(row, 'open_runs') ?? 0,
});

export const pipelineKey = (environment: string | null, process_name: string | null): string =>
  `${environment}\n${process_name}`;

/** The days of each pipeline, by its key and the date. */
export function daysByPipeline(rows: readonly Row[]): ReadonlyMap<string, ReadonlyMap<string, DayCell>> {
  const pipelines = new Map<string, Map<string, DayCell>>();
  for (const row of rows) {
    const day = textIn(row, 'day')?.slice(0, 10);
    if (day === undefined) continue;
    const key = pipelineKey(textIn(row, 'environment'), textIn(row, 'process_name'));
    const days = pipelines.get(key) ?? new Map<string, DayCell>();
    pipelines.set(key, days);
    days.set(day, {
      day,
      runs: numberIn(row, 'runs') ?? 0,
      failed: numberIn(row, 'failed') ?? 0,
      late: numberIn(row, 'late') ?? 0,
      running: numberIn(row, 'running') ?? 0,
      worst_status: textIn(row, 'worst_status'),
    });
  }
  return pipelines;
}

/** So many dates up to one, the earliest first. */
export const datesUntil = (last: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => dateAfter(last, at - count + 1));

/** How a cell looks: by the gravest thing of the day, which it says in letters too. */
export function toneOfDay(cell: DayCell | undefined): 'none' | 'bad' | 'some' | 'doubtful' | 'live' | 'good' | 'quiet' {
  if (cell === undefined || cell.runs === 0) return 'none';
  if (cell.failed === cell.runs) return 'bad';
  if (cell.failed > 0) return 'some';
  if (cell.running > 0) return 'live';
  if (cell.late > 0) return 'doubtful';
  return cell.worst_status === 'SUCCESS' ? 'good' : 'quiet';
}

export function dayWords({ day, runs, failed, late, running }: DayCell): string {
  const parts = [
    `${runs} ${runs === 1 ? 'run' : 'runs'}`,
    failed > 0 && `${failed} failed`,
    late > 0 && `${late} late`,
    running > 0 && `${running} running`,
  ];
  return `${day}: ${parts.filter((part) => part !== false).join(', ')}`;
}
