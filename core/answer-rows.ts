import type { Answer } from './ports/answer-engine.ts';

/** The rows of an answer by the names of its columns; unknown is null. `Row` is what the question declares. */
export const rowsOf = <Row = Readonly<Record<string, unknown>>>({
  columns,
  rows,
}: Pick<Answer, 'columns' | 'rows'>): readonly Row[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null])) as Row);
