import widthOf from 'string-width';
import { csvLines } from '../../core/csv.ts';
import { jsonText } from '../../core/json-text.ts';
import type { Answer } from '../../core/ports/answer-engine.ts';
import { cellShown, plain } from './format.ts';
import type { Screen } from './screen.ts';
import { tableOf } from './table.ts';

/** How the rows of an answer can be printed. */
export const FORMATS = ['table', 'json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** Prints the rows of an answer. JSON and CSV hold exact values; a table is for people. */
export function printAnswer(answer: Answer, format: Format, screen: Screen): void {
  switch (format) {
    case 'json':
      for (const line of jsonLines(answer)) screen.line(line);
      break;
    case 'csv':
      for (const line of csvLines(answer))
        screen.line(screen.isTerminal ? plain(line.slice(0, -2)) : line.slice(0, -1));
      break;
    case 'table':
      for (const line of tableLines(answer, screen)) screen.line(line);
  }
}

/** One JSON array, an object a line. */
function* jsonLines({ columns, rows }: Answer): Generator<string> {
  if (rows.length === 0) {
    yield '[]';
    return;
  }
  for (const [index, row] of rows.entries()) {
    const object = Object.fromEntries(columns.map(({ name }, at) => [name, row[at] ?? null]));
    yield `${index === 0 ? '[' : ' '}${jsonText(object)}${index === rows.length - 1 ? ']' : ','}`;
  }
}

const NUMBERS = /^(u?(tiny|small|big|huge)?int(eger)?|double|float|decimal.*)$/;

/** What is too wide for the terminal as a table is shown row by row, a value a line. */
function tableLines({ columns, rows }: Answer, screen: Screen): readonly string[] {
  const cells = rows.map((row) => row.map(cellShown));
  const heads = columns.map(({ name, type }) => ({
    head: plain(name),
    align: NUMBERS.test(type) ? ('right' as const) : ('left' as const),
  }));
  const isReadable = screen.width === undefined || columns.length * LEAST_READABLE <= screen.width;
  return (isReadable ? tableOf(heads, cells, screen) : undefined) ?? listOf(heads, cells, screen);
}

const LEAST_READABLE = 12;

function listOf(
  heads: readonly { readonly head: string }[],
  rows: readonly (readonly string[])[],
  screen: Screen,
): readonly string[] {
  const width = Math.max(...heads.map(({ head }) => widthOf(head)));
  return rows.flatMap((row, index) => [
    screen.paint('dim', `── ${index + 1} ──`),
    ...heads.flatMap(({ head }, at) => {
      const value = plain(row[at] ?? '');
      return value === '' ? [] : [`${screen.paint('bold', head.padEnd(width))}  ${value}`];
    }),
  ]);
}
