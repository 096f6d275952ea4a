import { countShown, durationShown, instantShown } from '../../core/format.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import { printAnswer } from './answer-screen.ts';
import { bytesShown, cellShown, shortDuration } from './format.ts';
import { shortIds } from './run-table.ts';
import { type Screen, styleOf } from './screen.ts';
import { type Cell, type TableColumn, tableOf } from './table.ts';

/** How the columns of questions are called on a screen. */
const HEADS: Readonly<Record<string, string>> = {
  environment: 'env',
  process_name: 'pipeline',
  run_id: 'run',
  duration_ms: 'took',
  error_step: 'step',
  error_code: 'code',
  error_message: 'error',
};

/**
 * The rows of a question for people: durations, bytes, shares and times as they are read, the columns that matter first,
 * those behind them where there is room. What no row has is left out; the environment too when there is but one.
 */
export function printRows(answer: Answer, order: readonly string[], screen: Screen): void {
  const shown = order.filter((name) => isWorthIt(name, valuesOf(answer, name)));
  const columns = shown.map(
    (name, at): TableColumn => ({
      head: headOf(name),
      align: NUMERIC.test(typeOf(answer, name)) ? 'right' : 'left',
      keep: !LONG.has(name),
      least: LONG.has(name) ? 16 : 6,
      // The first two say what a row is about.
      ...(at < 2 || NEEDED.has(name) ? {} : { optional: shown.length - at }),
    }),
  );
  const short = screen.width === undefined ? undefined : shortIds(valuesOf(answer, 'run_id').map(String));
  const rows = answer.rows.map((row) =>
    shown.map((name): Cell => {
      const value = row[indexOf(answer, name)];
      return (name === 'run_id' ? short?.get(String(value)) : undefined) ?? cellOf(name, value);
    }),
  );
  const lines = tableOf(columns, rows, screen);
  if (lines === undefined) printAnswer(answer, 'table', screen);
  else for (const line of lines) screen.line(line);
}

const NUMERIC = /^(bigint|integer|double|decimal)/;
/** What may be cut. */
const LONG: ReadonlySet<string> = new Set([
  ...['process_name', 'error_message', 'advice', 'source_path', 'target_path', 'dataset', 'run_id'],
  ...['last_failed_check', 'owner', 'unknown_because'],
]);

/** What stays, however narrow the screen. */
const NEEDED: ReadonlySet<string> = new Set(['cost', 'run_id', 'error_message', 'source_path', 'target_path']);

const indexOf = ({ columns }: Answer, name: string): number => columns.findIndex((column) => column.name === name);
const typeOf = (answer: Answer, name: string): string => answer.columns[indexOf(answer, name)]?.type ?? '';
const valuesOf = (answer: Answer, name: string): readonly unknown[] =>
  answer.rows.map((row) => row[indexOf(answer, name)] ?? null);

const isWorthIt = (name: string, values: readonly unknown[]): boolean =>
  values.some((value) => value !== null) && (name !== 'environment' || new Set(values).size > 1);

const headOf = (name: string): string =>
  HEADS[name] ??
  name
    .replace(/_(ms|rate)$/, '')
    .replace(/^data_size_bytes_/, 'bytes_')
    .replaceAll('_', ' ');

function cellOf(name: string, value: unknown): Cell {
  if (value === null || value === undefined) return '';
  if (name === 'status') return { text: String(value), style: styleOf(String(value)) };
  if (typeof value === 'string') return /^\d{4}-\d\d-\d\dT/.test(value) ? instantShown(value) : value;
  if (typeof value !== 'number') return cellShown(value);
  if (name.endsWith('_ms')) return value < 60_000 ? durationShown(value) : shortDuration(value);
  if (/_(rate|score|share)$/.test(name)) return `${(100 * value).toFixed(1)} %`;
  if (/bytes/.test(name)) return bytesShown(value);
  if (/^cost/.test(name)) return value.toFixed(value < 1 ? 4 : 2);
  return Number.isInteger(value) ? countShown(value) : cellShown(value);
}
