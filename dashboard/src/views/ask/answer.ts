import type { Answer } from '../../http/ledger.ts';
import type { Line } from '../../parts/chart-line.ts';

/** A cell as text. Lists, maps and structs are JSON. */
export const cellText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** An answer as CSV, as RFC 4180 has it. */
export function csvOf({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): string {
  const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = [
    columns.map(({ name }) => field(name)),
    ...rows.map((row) => row.map((cell) => field(cellText(cell)))),
  ];
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

const NUMBER = /^(bigint|integer|double|decimal|hugeint|float|real|smallint|tinyint|ubigint)/i;
const TIME = /^(timestamp|date)/i;
export const isNumber = (type: string): boolean => NUMBER.test(type);

/** An answer as a chart: its first time, and its numbers over it; undefined when it has not both. */
export function chartOf({
  columns,
  rows,
}: Pick<Answer, 'columns' | 'rows'>): { readonly at: readonly number[]; readonly lines: readonly Line[] } | undefined {
  const time = columns.findIndex(({ type }) => TIME.test(type));
  const numbers = columns.flatMap(({ type, name }, at) => (isNumber(type) ? [{ name, at }] : []));
  if (time < 0 || numbers.length === 0) return undefined;
  const points = rows
    .map((row) => ({ row, at: momentOf(cellText(row[time])) }))
    .filter(({ at }) => !Number.isNaN(at))
    .sort((a, b) => a.at - b.at);
  if (points.length < 2) return undefined;
  return {
    at: points.map(({ at }) => at),
    lines: numbers.slice(0, COLOURS.length).map(({ name, at }, index) => ({
      label: name,
      colour: COLOURS[index] ?? '--ink-2',
      values: points.map(({ row }) => {
        const value = row[at] === null ? Number.NaN : Number(row[at]);
        return Number.isFinite(value) ? value : null;
      }),
    })),
  };
}

const COLOURS = ['--fill-live', '--fill-good', '--fill-bad', '--fill-doubtful', '--ink-2', '--line-strong'] as const;

function momentOf(text: string): number {
  const [, date, time = '00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?))?/.exec(text) ?? [];
  return date === undefined ? Number.NaN : Date.parse(`${date}T${time}Z`);
}
