import {
  AMPERSAND,
  BACKSLASH,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  COLON,
  COMMA,
  DOUBLE_QUOTE,
  EQUALS,
  isBlank,
  isNameCode,
  isQuote,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
} from './letter.ts';

/** The position of a pair's value in its text, without quotes. */
export interface ValueSpan {
  readonly from: number;
  readonly end: number;
  /** True: the value has no quotes. */
  readonly bare: boolean;
}

/**
 * Finds the value that begins at or soon after `start`: in quotes, in quotes that are themselves inside quotes
 * (`\"x\"`, `\\\"x\\\"`), in the braces of an ODBC string, or bare. It reads forward only, and its caller continues
 * after the value, so a whole text costs no more than its length.
 */
export function valueAt(text: string, start: number, assigned: boolean, keyQuoted: boolean): ValueSpan | undefined {
  const from = skipBlanks(text, start, 8);
  const escapes = escapesAt(text, from);
  const first = text.charCodeAt(from + escapes);
  if (isQuote(first)) return quoted(text, from + escapes + 1, first, escapes);
  // Python's b'x', f'x', r'x' and u'x'.
  if (isQuote(text.charCodeAt(from + 1)) && PREFIXES.includes(first)) {
    return quoted(text, from + 2, text.charCodeAt(from + 1), 0);
  }
  if (first === OPEN_BRACE && assigned) return braced(text, from + 1);
  // `"credentials": {`: what is inside has names of its own.
  if ((first === OPEN_BRACE || first === OPEN_BRACKET) && keyQuoted) return undefined;
  return bareValue(text, from);
}

export const skipBlanks = (text: string, start: number, most: number): number => {
  let index = start;
  while (index < start + most && isBlank(text.charCodeAt(index))) index++;
  return index;
};

/** How many backslashes stand at an index. Quotes nested deeper than five times are no longer told apart. */
export const escapesAt = (text: string, index: number): number => {
  let end = index;
  while (end < index + 64 && text.charCodeAt(end) === BACKSLASH) end++;
  return end - index;
};

/** A value that ends with nothing but its text: at a blank, a quote, or what begins the next pair. */
export function bareValue(text: string, from: number): ValueSpan | undefined {
  let end = from;
  let opened = false;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code <= SPACE || code === DOUBLE_QUOTE || code === 160) break;
    if ((code === COMMA || code === SEMICOLON || code === AMPERSAND) && isPairEnd(text, end + 1)) break;
    if (code === 40 || code === 60 || code === OPEN_BRACE || code === OPEN_BRACKET) opened = true;
    if (code === BACKSLASH) {
      const escapes = escapesAt(text, end);
      if (isEscapedEnd(text, end + escapes, escapes)) break;
      end += escapes - 1;
    }
  }
  // What closes around the pair is not part of the value: `connect(user=x, password=y)`.
  if (!opened) while (end > from && CLOSERS.includes(text.charCodeAt(end - 1))) end--;
  // A bracket alone opens what follows on the next lines.
  if (end === from || (end === from + 1 && opened)) return undefined;
  return { from, end, bare: true };
}

/** Where the line ends, or the quotes around it. A cookie header is one value with blanks in it. */
export function lineEnd(text: string, from: number): number {
  let end = from;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === LINE_FEED || code === CARRIAGE_RETURN || code === DOUBLE_QUOTE || code === SINGLE_QUOTE) break;
    if (code === BACKSLASH) {
      const escapes = escapesAt(text, end);
      if (isEscapedEnd(text, end + escapes, escapes)) break;
      end += escapes - 1;
    }
  }
  return end;
}

/**
 * To the quote that closes. Inside of n levels of quotes it stands behind 2^n - 1 backslashes, and behind as many more
 * as the value's own backslashes were doubled to. A quote with fewer closes a string around this one.
 */
function quoted(text: string, from: number, quote: number, escapes: number): ValueSpan {
  const period = 2 * (escapes + 1);
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === LINE_FEED || code === CARRIAGE_RETURN) return { from, end: index, bare: false };
    if (code === BACKSLASH) {
      const run = escapesAt(text, index);
      index += run;
      if (text.charCodeAt(index) !== quote) index--;
      else if (run < escapes) return { from, end: index - run, bare: false };
      else if (run % period === escapes) return { from, end: index - escapes, bare: false };
    } else if (code === quote) {
      // SQL writes a quote inside of quotes twice.
      if (escapes > 0 || quote !== SINGLE_QUOTE || index === from || text.charCodeAt(index + 1) !== quote)
        return { from, end: index, bare: false };
      index++;
    }
  }
  return { from, end: text.length, bare: false };
}

function braced(text: string, from: number): ValueSpan {
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== CLOSE_BRACE && text.charCodeAt(end) !== LINE_FEED) end++;
  return { from, end, bare: false };
}

/** Whether a `,`, `;` or `&` in front of here ends a value: it does before a blank, a quote, the end, or a next name. */
function isPairEnd(text: string, from: number): boolean {
  let end = from;
  while (end < from + 64 && isNameCode(text.charCodeAt(end))) end++;
  const code = text.charCodeAt(end);
  if (end > from) return code === EQUALS || code === COLON;
  return Number.isNaN(code) || code <= SPACE || isQuote(code) || code === BACKSLASH || CLOSERS.includes(code);
}

/** Inside of JSON text: an escaped quote, line end, tab, `&` or `<` behind these backslashes. */
const isEscapedEnd = (text: string, index: number, escapes: number): boolean =>
  isQuote(text.charCodeAt(index)) || (escapes % 2 === 1 && ESCAPED_END.test(text.slice(index, index + 5)));

const ESCAPED_END = /^(?:[nrt]|u00(?:0[9ad]|2[267]|3c))/i;
/** `b`, `f`, `r` and `u` in either case. */
const PREFIXES = [98, 102, 114, 117, 66, 70, 82, 85];
/** `)`, `]`, `}`, `>`, `'` and the backtick. */
const CLOSERS = [41, 93, 125, 62, 39, 96];
