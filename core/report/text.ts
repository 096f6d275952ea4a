import { counted, instantShown } from '../format.ts';
import { SHOWN_COLUMNS } from './columns.ts';
import type { Report, ReportPart, Row } from './report.ts';

/** As mail programs leave it: no line is longer. */
const WIDTH = 76;
const LABEL = 14;

/** The report as plain text, fit for mail: one value after the other, so that no table breaks in a narrow window. `plain` makes text safe to print. */
export function reportText(
  { title, owner, since, until, parts, notes }: Report,
  plain: (text: string) => string,
): string {
  const lines = [
    title,
    `${instantShown(since)} to ${instantShown(until)} UTC${owner === '' ? '' : `, of ${owner}`}`,
    ...notes.map((note) => `Note: ${note}`),
    ...parts.flatMap(partLines),
  ];
  return `${lines.flatMap((line) => folded(plain(line))).join('\n')}\n`;
}

function partLines({ title, question, rows, truncated, nothing }: ReportPart): readonly string[] {
  return [
    '',
    title.toUpperCase(),
    ...(rows.length === 0
      ? [nothing]
      : rows.flatMap((row, at) => [...(at === 0 ? [] : ['']), ...rowLines(question, row)])),
    ...(truncated ? [`These are the first ${counted(rows.length, 'row')}, there are more.`] : []),
  ];
}

const rowLines = (question: string, row: Row): readonly string[] =>
  (SHOWN_COLUMNS[question] ?? []).map(({ title, shown }) => `${title.padEnd(LABEL)}  ${shown(row)}`);

/** Breaks a line between words, and within one that is too long; what follows is indented. */
function folded(line: string): readonly string[] {
  const indent = ' '.repeat(LABEL + 2);
  const lines: string[] = [];
  let rest = line;
  while ([...rest].length > WIDTH) {
    const letters = [...rest];
    const space = letters.slice(0, WIDTH + 1).lastIndexOf(' ');
    const end = space > indent.length ? space : WIDTH;
    lines.push(letters.slice(0, end).join('').trimEnd());
    rest = indent + letters.slice(end).join('').trimStart();
  }
  return [...lines, rest];
}
