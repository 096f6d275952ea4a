import { countShown, instantShown } from '../../core/format.ts';
import type { Instant } from '../../core/instant.ts';
import { DECISION_KINDS, type Decision } from '../../core/recovery/recovery.ts';
import type { Check, Dataset, Relative, RunDetails } from '../run-details.ts';
import { bytesShown, cellShown, plain } from './format.ts';
import { tookShown } from './run-table.ts';
import { type Screen, styleOf } from './screen.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';
import { wrap } from './wrap.ts';

/** A table below a title, indented as everything on the screen of a run; nothing without rows. */
function block(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], screen: Screen): readonly string[] {
  if (rows.length === 0) return [];
  const width = screen.width === undefined ? undefined : screen.width - INDENT.length;
  const lines = tableOf(columns, rows, { ...screen, width }) ?? tableOf(columns, rows, { ...screen, width: undefined });
  return (lines ?? []).map((line) => `${INDENT}${line}`);
}

const INDENT = '  ';

/** The checks of its data, those that failed first. */
export function checkLines(checks: readonly Check[], screen: Screen): readonly string[] {
  const columns: readonly TableColumn[] = [
    { head: 'check', least: 12 },
    { head: 'dataset', least: 12 },
    { head: '', keep: true },
    { head: 'severity', optional: 1 },
    { head: 'expected', optional: 3 },
    { head: 'got', optional: 4 },
    { head: 'failed records', align: 'right', keep: true, optional: 2 },
  ];
  const rows = checks.map((each): readonly Cell[] => [
    each.check_name ?? '',
    each.dataset ?? '',
    each.success ? { text: 'passed', style: 'green' } : { text: 'FAILED', style: 'red' },
    each.severity ?? '',
    each.expected ?? '',
    each.actual ?? '',
    countShown(each.records_failed),
  ]);
  return block(columns, rows, screen);
}

/** What it read, then what it wrote, by step. */
export function datasetLines(
  { reads, writes }: Pick<RunDetails, 'reads' | 'writes'>,
  screen: Screen,
): readonly string[] {
  const columns: readonly TableColumn[] = [
    { head: 'data', keep: true },
    { head: 'path', least: 24 },
    { head: 'step', optional: 1 },
    { head: 'records', align: 'right', keep: true, optional: 3 },
    { head: 'size', align: 'right', keep: true, optional: 2 },
  ];
  const row = (verb: string, { path, step_name, records, size_bytes }: Dataset): readonly Cell[] => [
    verb,
    path,
    step_name ?? '',
    countShown(records ?? null),
    bytesShown(size_bytes ?? null),
  ];
  return block(
    columns,
    [...reads.map((each) => row('read', each)), ...writes.map((each) => row('wrote', each))],
    screen,
  );
}

/** The last value of each number that it measured, and its checkpoints. */
export function metricLines(
  { metrics, checkpoints }: Pick<RunDetails, 'metrics' | 'checkpoints'>,
  screen: Screen,
): readonly string[] {
  const measured = Object.entries(metrics).map(([name, value]): readonly Cell[] => [name, cellShown(value)]);
  const reached = checkpoints.map(({ event_time, step_name, message }): readonly Cell[] => [
    instantShown(event_time),
    [step_name, message].filter((each) => each !== null).join(': '),
  ]);
  return [
    ...block(
      [
        { head: 'metric', least: 20 },
        { head: 'last value', align: 'right', keep: true },
      ],
      measured,
      screen,
    ),
    ...block([{ head: 'checkpoint (UTC)', keep: true }, { head: '' }], reached, screen),
  ];
}

/** Its parent, its children, and the other runs of its slot. */
export function relativeLines(relatives: readonly Relative[], now: Instant, screen: Screen): readonly string[] {
  const columns: readonly TableColumn[] = [
    { head: 'related', keep: true },
    { head: 'status', keep: true },
    { head: 'pipeline', least: 12 },
    { head: 'run', least: 12 },
    { head: 'took', align: 'right', keep: true },
  ];
  const rows = relatives.map((run): readonly Cell[] => [
    run.relation,
    { text: run.status, style: styleOf(run.status) },
    run.process_name,
    run.run_id,
    tookShown(run, now),
  ]);
  return block(columns, rows, screen);
}

/** What was decided about it, and why: the reason is never cut. */
export const decisionLines = (decisions: readonly Decision[], screen: Screen): readonly string[] =>
  decisions.flatMap(({ at, kind, text }) => {
    const head = `${INDENT}${instantShown(at)}  ${kind.padEnd(KIND_WIDTH)}  `;
    const lines = wrap(plain(text), screen.width === undefined ? undefined : screen.width - head.length);
    return lines.map((line, index) => `${index === 0 ? head : ' '.repeat(head.length)}${line}`);
  });

const KIND_WIDTH = Math.max(...DECISION_KINDS.map(({ length }) => length));

const MOST_LINES = 200;

/** A stack trace line by line as it was written, but for what a terminal would obey. */
export function traceLines(trace: string): readonly string[] {
  const lines = trace.split(/\r?\n/);
  const shown = lines.slice(0, MOST_LINES).map((line) => `${INDENT}${INDENT}${plain(line.replaceAll('\t', '    '))}`);
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `${INDENT}${INDENT}… ${countShown(more)} more lines; --json has them all`] : shown;
}
