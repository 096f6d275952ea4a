import type { Answer } from './ledger.ts';

/** A row of an answer by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>;

export const rowsOf = ({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])));

/** Text as it is; null for what is none. */
export const textIn = (row: Row, name: string): string | null => {
  const value = row[name];
  return typeof value === 'string' ? value : value === null || value === undefined ? null : String(value);
};

/** A number, also where a large one or a decimal travels as text; null for what is none. */
export const numberIn = (row: Row, name: string): number | null => {
  const value = row[name];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
};

/** An instant as it travels: engines write it with or without the T and the Z. */
export const instantIn = (row: Row, name: string): string | null => {
  const text = textIn(row, name);
  if (text === null) return null;
  const [, date, time = '00:00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d(?:\.\d+)?))?/.exec(text) ?? [];
  return date === undefined ? null : `${date}T${time}Z`;
};
