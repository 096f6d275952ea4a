import { counted, instantShown } from '../format.ts';
import { markupText } from '../markup.ts';
import { numberOf, SHOWN_COLUMNS, type ShownColumn } from './columns.ts';
import { type Bar, barPlot } from './plot.ts';
import type { Report, ReportPart, Row } from './report.ts';

/** The report as one file: nothing in it is loaded from anywhere, nothing in it runs, and every name in it is inert. */
export function reportHtml(report: Report): string {
  const { title, owner, since, until, parts, notes } = report;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${markupText(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${markupText(title)}</h1>`,
    `<p>${markupText(`${instantShown(since)} to ${instantShown(until)} UTC${owner === '' ? '' : `, of ${owner}`}`)}</p>`,
    ...notes.map((note) => `<p><strong>Note:</strong> ${markupText(note)}</p>`),
    ...parts.map(partHtml),
    '</body></html>\n',
  ].join('\n');
}

function partHtml({ title, question, rows, truncated, nothing }: ReportPart): string {
  const columns = SHOWN_COLUMNS[question] ?? [];
  return [
    `<section><h2>${markupText(title)}</h2>`,
    ...(question === 'kpis' ? [barPlot('Runs of each day, and those that failed', barsOf(rows))] : []),
    rows.length === 0 ? `<p>${markupText(nothing)}</p>` : tableHtml(columns, rows),
    ...(truncated ? [`<p>These are the first ${counted(rows.length, 'row')}, there are more.</p>`] : []),
    '</section>',
  ].join('\n');
}

const tableHtml = (columns: readonly ShownColumn[], rows: readonly Row[]): string =>
  [
    '<div class="wide"><table><thead><tr>',
    ...columns.map(({ title, isNumber }) => `<th scope="col"${isNumber ? ' class="n"' : ''}>${markupText(title)}</th>`),
    '</tr></thead><tbody>',
    ...rows.map(
      (row) =>
        `<tr>${columns.map(({ shown, isNumber }) => `<td${isNumber ? ' class="n"' : ''}>${markupText(shown(row))}</td>`).join('')}</tr>`,
    ),
    '</tbody></table></div>',
  ].join('\n');

/** The days of all environments together. */
export function barsOf(rows: readonly Row[]): readonly Bar[] {
  const days = new Map<string, Bar>();
  for (const row of rows) {
    const label = String(row.period).slice(5);
    const { good, bad } = days.get(label) ?? { good: 0, bad: 0 };
    const [runs, failed] = [numberOf(row.runs) ?? 0, numberOf(row.failed) ?? 0];
    days.set(label, { label, good: good + runs - failed, bad: bad + failed });
  }
  return [...days.values()];
}

const STYLE = `:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}.wide{overflow-x:auto}table{border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884;overflow-wrap:anywhere;max-width:28rem}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}svg{max-width:40rem;width:100%}
svg text{font:11px system-ui,sans-serif;fill:currentColor}`;
