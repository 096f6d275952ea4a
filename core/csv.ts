import type { Answer } from './ports/answer-engine.ts';

/** An answer as RFC 4180 CSV with a header line. Unknown is an empty field, empty text is `""`, structures are JSON. */
export function csvOf({ columns, rows }: Answer): string {
  const lines = [columns.map(({ name }) => field(name)), ...rows.map((row) => row.map(field))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
