import { countShown, durationShown, instantShown } from '../../core/format.ts';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import { type Screen, styleOf } from './screen.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';

/** A line per run, with the environment only where there are several. */
export function runTable(runs: readonly ShownRun[], now: Instant, screen: Screen): readonly string[] {
  const hasEnvironments = new Set(runs.map(({ environment }) => environment)).size > 1;
  const columns: readonly TableColumn[] = [
    { head: 'status', keep: true },
    ...(hasEnvironments ? [{ head: 'environment', optional: 3 }] : []),
    { head: 'pipeline', least: 12 },
    { head: 'run', keep: true },
    { head: 'started (UTC)', keep: true },
    { head: 'took', align: 'right', keep: true, optional: 4 },
    { head: 'records out', align: 'right', keep: true, optional: 1 },
    { head: 'error', least: 12, optional: 2 },
  ];
  const rows = runs.map((run): readonly Cell[] => [
    { text: run.status, style: styleOf(run.status) },
    ...(hasEnvironments ? [run.environment ?? ''] : []),
    run.process_name ?? '',
    run.run_id ?? '',
    instantShown(run.start_time),
    tookShown(run, now),
    countShown(run.records_out),
    errorShown(run),
  ]);
  return tableOf(columns, rows, screen) ?? tableOf(columns, rows, { ...screen, width: undefined }) ?? [];
}

/** How long it took; with `…` how long it has been taking. */
export function tookShown(
  { status, start_time, duration_ms, end_time }: Pick<ShownRun, 'status' | 'start_time' | 'duration_ms' | 'end_time'>,
  now: Instant,
): string {
  const isOpen = end_time === null && start_time !== null && ['RUNNING', 'SUSPECT', 'QUEUED', 'RETRY'].includes(status);
  return isOpen ? `${durationShown(Math.max(0, epochMsOf(now) - epochMsOf(start_time)))}…` : durationShown(duration_ms);
}

/** Contradicting ends go before what one of them said. */
const errorShown = ({ status_conflict, error_code, error_message }: ShownRun): string =>
  status_conflict === null
    ? [error_code, error_message].filter((each) => each !== null).join(' ')
    : `conflict: ${status_conflict}`;
