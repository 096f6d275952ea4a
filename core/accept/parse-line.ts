import { errorMessage } from '../error-message.ts';

/** A parsed line, or why it is no JSON. `repaired`: it had `NaN` or an infinity, which are read as null. */
export type ParsedLine = { readonly value: unknown; readonly repaired: boolean } | { readonly detail: string };

/** Parses one line, with `parseExactly` where numbers must not be rounded. A byte order mark before it does not matter. */
export function parseLine(line: string, parse: (text: string) => unknown = JSON.parse): ParsedLine {
  const text = line.startsWith('\uFEFF') ? line.slice(1) : line;
  try {
    return { value: parse(text), repaired: false };
  } catch (error) {
    if (text.includes('NaN') || text.includes('Infinity')) {
      try {
        const repaired = text.replace(NOT_A_NUMBER, (token) => (token.startsWith('"') ? token : 'null'));
        return { value: parse(repaired), repaired: true };
      } catch {
        // The line is broken in other ways too, and the first error says more.
      }
    }
    return { detail: describe(error) };
  }
}

/**
 * Parses JSON without rounding: a number that JavaScript cannot hold becomes its digits as text. Of integers these are
 * those beyond 2^53: as numbers, two ids would become one. Slow. Throws a SyntaxError when the text is no JSON.
 */
export const parseExactly = (text: string): unknown => JSON.parse(text, exact as Parameters<typeof JSON.parse>[1]);

const exact = (_key: string, value: unknown, { source }: { readonly source?: string }): unknown =>
  typeof value === 'number' && source !== undefined && !holds(value, source) ? source : value;

/** Whether a number that `JSON.parse` returned may be another one than was written. */
export const mayBeRounded = (value: number): boolean =>
  !Number.isSafeInteger(value) && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER && String(value).length <= 16);

const holds = (value: number, source: string): boolean =>
  /^-?\d+$/.test(source)
    ? Number.isSafeInteger(value)
    : Number.isFinite(value) && source.length <= MAX_DIGITS && digitsOf(source) === digitsOf(String(value));

/** No double has more: a longer text is none. */
const MAX_DIGITS = 800;

/** A decimal number in one spelling: its digits without outer zeros, and the exponent of the last. */
function digitsOf(decimal: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(decimal) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const shortest = digits.replace(/0+$/, '');
  return shortest === '' ? '0' : `${shortest}e${Number(exponent) - fraction.length + digits.length - shortest.length}`;
}

/** `NaN` and the infinities as Python writes them, which are no JSON. Outside strings they are read as unknown. */
const NOT_A_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** Keeps only the position: V8's message quotes the text around it, which may hold a secret. */
const describe = (error: unknown): string => {
  const message = errorMessage(error);
  const position = /at position \d+/.exec(message)?.[0] ?? (message.includes('end of JSON') ? 'at its end' : '');
  return `syntax error ${position}`.trim();
};
