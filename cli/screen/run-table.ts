import { countShown, durationShown, instantShown } from '../../core/format.ts';
import { epochMsOf, type Instant } from '../../core/instant.ts';
import type { ShownRun } from '../../core/run/shown-run.ts';
import { shortDuration } from './format.ts';
import type { ListedRun } from './listed-run.ts';
import { type Screen, styleOf } from './screen.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';

export interface RunTableOptions {
  /** Everything, however wide: whole ids, times, counts. It is what a pipe is given too. */
  readonly wide?: boolean | undefined;
}

/**
 * A line per run. On a terminal: what one looks for first (status, pipeline, an id to type, age, how long it took, the
 * error); the rest where there is room. The environment only where there are several.
 */
export function runTable(
  runs: readonly ListedRun[],
  now: Instant,
  screen: Screen,
  { wide = screen.width === undefined }: RunTableOptions = {},
): readonly string[] {
  const hasEnvironments = new Set(runs.map(({ environment }) => environment)).size > 1;
  const shown = (wide ? wideColumns : narrowColumns(runs, screen.width ?? 0)).filter(
    ({ head }) => hasEnvironments || head !== 'env',
  );
  const rows = runs.map((run) => shown.map(({ cell }) => cell(run, now)));
  const unbound = { ...screen, width: undefined };
  return tableOf(shown, rows, wide ? unbound : screen) ?? tableOf(shown, rows, unbound) ?? [];
}

interface RunColumn extends TableColumn {
  readonly cell: (run: ListedRun, now: Instant) => Cell;
}

const status: RunColumn = {
  head: 'status',
  keep: true,
  cell: (run) => ({ text: run.status, style: styleOf(run.status) }),
};
const environment: RunColumn = { head: 'env', keep: true, optional: 2, cell: (run) => run.environment ?? '' };
const pipeline: RunColumn = { head: 'pipeline', least: 12, cell: (run) => run.process_name ?? '' };
const error: RunColumn = { head: 'error', cell: errorShown };

const wideColumns: readonly RunColumn[] = [
  status,
  environment,
  pipeline,
  { head: 'run', cell: (run) => run.run_id ?? '' },
  { head: 'started (UTC)', cell: (run) => instantShown(run.start_time) },
  { head: 'took', align: 'right', cell: tookShown },
  { head: 'in', align: 'right', cell: (run) => countShown(run.records_in) },
  { head: 'out', align: 'right', cell: (run) => countShown(run.records_out) },
  { head: 'owner', cell: (run) => run.owner ?? '' },
  error,
];

function narrowColumns(runs: readonly ListedRun[], width: number): readonly RunColumn[] {
  const short = shortIds(runs.map(({ run_id }) => run_id ?? ''));
  return [
    status,
    environment,
    pipeline,
    // Ids that people made are cut where there is no room; `show` takes the beginning of those too.
    {
      head: 'run',
      keep: runs.every(({ run_id }) => UUID.test(run_id ?? '')),
      least: 12,
      cell: ({ run_id }) => short.get(run_id ?? '') ?? '',
    },
    { head: 'age', align: 'right', keep: true, cell: (run, now) => ageShown(run.listed_at, now) },
    { head: 'took', align: 'right', keep: true, cell: (run, now) => tookShown(run, now, shortDuration) },
    { head: 'out', align: 'right', keep: true, optional: 1, cell: (run) => countShown(run.records_out) },
    { ...error, least: width < ROOMY ? 10 : 24 },
  ];
}

const ROOMY = 76;
const SHORT_ID = 8;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** An id of version 7 begins with a time of 12 digits, to the millisecond: eight of them are a minute. */
const TIMED = /^.{14}7/;

/** Of ids that nobody gave a meaning, as much as tells them apart in this list; `show` takes the beginning of an id. */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(ids)];
  const shortest = (id: string): string => {
    for (let length = TIMED.test(id) ? 13 : SHORT_ID; length < id.length; length++) {
      const start = id.slice(0, length);
      if (all.every((other) => other === id || !other.startsWith(start))) return start;
    }
    return id;
  };
  return new Map(all.map((id) => [id, UUID.test(id) ? shortest(id) : id]));
}

/** `5m`, `3h`, `12d`: how long ago that was. */
const ageShown = (instant: string | null, now: Instant): string =>
  instant === null
    ? ''
    : shortDuration(Math.max(1000, epochMsOf(now) - epochMsOf(instant))).replace(/(?<=[smhd]).*/, '');

type Timed = Pick<ShownRun, 'status' | 'start_time' | 'duration_ms' | 'end_time'>;

/** How long it took; with `…` how long it has been taking. */
export function tookShown(
  { status, start_time, duration_ms, end_time }: Timed,
  now: Instant,
  show: (durationMs: number | null) => string = durationShown,
): string {
  const isOpen = end_time === null && start_time !== null && ['RUNNING', 'SUSPECT', 'QUEUED', 'RETRY'].includes(status);
  return isOpen ? `${show(Math.max(0, epochMsOf(now) - epochMsOf(start_time)))}…` : show(duration_ms);
}

/** What is wrong with a run that may be green, then its error; contradicting ends go before what one of them said. */
function errorShown({ is_late, tries, failed_checks, status_conflict, ...run }: ListedRun): string {
  const { error_step, error_code, error_message } = run;
  const told = [error_code, error_step === null ? null : `${error_step}:`, error_message].filter(
    (each) => each !== null,
  );
  const error = error_code === null && error_message === null ? '' : told.join(' ');
  return [
    is_late ? 'late' : '',
    failed_checks ? `${failed_checks} ${failed_checks === 1 ? 'check' : 'checks'} failed` : '',
    tries && tries > 1 ? `${tries} tries` : '',
    status_conflict === null ? error : `conflict: ${status_conflict}`,
  ]
    .filter((each) => each !== '')
    .join('; ');
}
