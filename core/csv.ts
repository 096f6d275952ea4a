import { jsonText, visibleText } from './json-text.ts';
import type { Answer } from './ports/answer-engine.ts';

/**
 * An answer as RFC 4180 CSV, a line at a time, the names of the columns first. Unknown is an empty field, empty text is
 * `""`, structures are JSON. It is safe to open and to print: a text that a spreadsheet would run as a formula begins with
 * `'` (OWASP, CSV injection), and controls and marks of direction are written `\u001b`. JSON holds the exact text.
 */
export function* csvLines({ columns, rows }: Pick<Answer, 'columns' | 'rows'>): Generator<string> {
  yield lineOf(columns.map(({ name }) => name));
  for (const row of rows) yield lineOf(row);
}

const lineOf = (values: readonly unknown[]): string => `${values.map(field).join(',')}\r\n`;

function field(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text =
    typeof value === 'string' ? harmless(value) : typeof value === 'object' ? jsonText(value) : String(value);
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Integers beyond 2^53 and decimals come as text, and are numbers all the same. */
const harmless = (text: string): string => visibleText(isFormula(text) && !isNumber(text) ? `'${text}` : text);

const isFormula = (text: string): boolean => /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text);
const isNumber = (text: string): boolean => /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text);
