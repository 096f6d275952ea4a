// A copy of core/mask/values.ts, made by `npm run docs`: the client is published alone.
/** The position of a pair's value in its text, without its quotes. */
export interface ValueSpan {
  readonly from: number;
  readonly end: number;
  /** True: the value has no quotes. */
  readonly bare: boolean;
}

export const isQuote = (letter: string): boolean => letter === '"' || letter === "'" || letter === '`';
export const isBlank = (letter: string): boolean => letter === ' ' || letter === '\t';
export const isNameLetter = (text: string, at: number): boolean => {
  const code = at >= 0 && at < text.length ? text.charCodeAt(at) : 128;
  return code < 128 && NAME_LETTERS[code] === 1;
};
const NAME_LETTERS = Uint8Array.from({ length: 128 }, (_, code) => (/[\w.-]/.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Finds the value that begins at or soon after `start`: in quotes, in quotes that are themselves inside quotes (`\"x\"`,
 * `\\\"x\\\"`), in brackets where `brackets` allows it, or bare. It reads forward only, and its caller goes on after the
 * value, so a whole text costs no more than its length.
 */
export function valueAt(text: string, start: number, brackets: boolean): ValueSpan | undefined {
  const from = skipBlanks(text, start);
  const escapes = backslashesAt(text, from);
  const first = text.charAt(from + escapes);
  if (isQuote(first)) return quoted(text, from + escapes + 1, first, escapes);
  // Python's b'x', f'x', r'x' and u'x'.
  if (isQuote(text.charAt(from + 1)) && 'bfruBFRU'.includes(first))
    return quoted(text, from + 2, text.charAt(from + 1), 0);
  if (brackets && (first === '{' || first === '[')) return bracketed(text, from) ?? bareValue(text, from);
  return bareValue(text, from);
}

export const skipBlanks = (text: string, start: number): number => {
  let at = start;
  while (at < start + 8 && isBlank(text.charAt(at))) at++;
  return at;
};

/** How many backslashes stand here. Quotes nested deeper than five times are no longer told apart. */
export const backslashesAt = (text: string, at: number): number => {
  let end = at;
  while (end < at + 64 && text.charAt(end) === '\\') end++;
  return end - at;
};

const END_OF_BARE = ' \t\r\n\f\v\0"\u00a0';

/** A value that ends with nothing but its text: at a blank, a quote, or what begins the next pair. */
export function bareValue(text: string, from: number): ValueSpan | undefined {
  let end = from;
  let opened = false;
  for (; end < text.length; end++) {
    const letter = text.charAt(end);
    if (END_OF_BARE.includes(letter)) break;
    if ((letter === ',' || letter === ';' || letter === '&') && isPairEnd(text, end + 1)) break;
    if ('(<{['.includes(letter)) opened = true;
    if (letter === '\\') {
      const escapes = backslashesAt(text, end);
      if (isEscapedEnd(text, end + escapes, escapes)) break;
      end += escapes - 1;
    }
  }
  // What closes around the pair is not part of the value: `connect(user=x, password=y)`.
  if (!opened) while (end > from && CLOSERS.includes(text.charAt(end - 1))) end--;
  // A bracket alone opens what follows on the next lines.
  return end === from || (end === from + 1 && opened) ? undefined : { from, end, bare: true };
}

/** To the end of the line, or to the quotes around it. A cookie header is one value with blanks in it. */
export function lineValue(text: string, start: number): ValueSpan | undefined {
  const from = skipBlanks(text, start);
  let end = from;
  for (; end < text.length && !'\n\r"\''.includes(text.charAt(end)); end++) {
    const escapes = backslashesAt(text, end);
    if (escapes === 0) continue;
    if (isEscapedEnd(text, end + escapes, escapes)) break;
    end += escapes - 1;
  }
  return end === from ? undefined : { from, end, bare: true };
}

/** The content of an element of XML, to the next tag. */
export function elementValue(text: string, from: number): ValueSpan | undefined {
  let end = from;
  while (end < text.length && end < from + MAX_NESTED && text.charAt(end) !== '<') end++;
  return end === from ? undefined : { from, end, bare: false };
}

/**
 * The block of YAML below a name that stands alone on its line: all lines further right than the name. A block of further
 * pairs is none: they have names of their own.
 */
export function blockValue(text: string, nameStart: number, start: number): ValueSpan | undefined {
  BLOCK_HEAD.lastIndex = start;
  const newLine = BLOCK_HEAD.exec(text)?.[1];
  if (newLine === undefined) return undefined;
  const before = text.slice(Math.max(0, nameStart - 64), nameStart);
  const indent = /(?:^|\n|\\n)([ \t]{0,64}(?:- )?)["']?$/.exec(before)?.[1]?.length;
  if (indent === undefined) return undefined;
  let from = -1;
  let last = -1;
  let end = BLOCK_HEAD.lastIndex;
  while (end < start + MAX_NESTED) {
    BLOCK_LINE.lastIndex = end;
    const [line = '', spaces = '', content = ''] = BLOCK_LINE.exec(text) ?? [];
    if (content !== '' && spaces.length <= indent && !(spaces.length === indent && content.startsWith('- '))) break;
    if (from === -1 && content !== '') {
      if (/^(?:- )?["']?[\w.-]{1,64}["']?\s?:(?:\s|\\n|$)|^at /.test(content)) return undefined;
      from = end + spaces.length;
    }
    end += line.length;
    if (content !== '') last = end;
    if (line === '' || !text.startsWith(newLine, end)) break;
    end += newLine.length;
  }
  return from === -1 ? undefined : { from, end: last, bare: true };
}
const BLOCK_HEAD = /[ \t]{0,64}(?:[|>][+-]?\d?[ \t]{0,8})?(\r?\n|(?:\\r)?\\n)/y;
const BLOCK_LINE = /([ \t]{0,64})((?:[^\r\n\\"]|\\(?![rn"]))*)/y;
/** What a value with structure may have, in characters. */
const MAX_NESTED = 16_384;

/**
 * To the quote that closes. Inside of n levels of quotes it stands behind 2^n - 1 backslashes, and behind as many more
 * as the value's own backslashes were doubled to. A quote with fewer closes a string around this one.
 */
function quoted(text: string, from: number, quote: string, escapes: number): ValueSpan {
  const period = 2 * (escapes + 1);
  for (let at = from; at < text.length; at++) {
    const letter = text.charAt(at);
    if (letter === '\n' || letter === '\r') return { from, end: at, bare: false };
    if (letter === '\\') {
      const run = backslashesAt(text, at);
      at += run;
      if (text.charAt(at) !== quote) at--;
      else if (run < escapes) return { from, end: at - run, bare: false };
      else if (run % period === escapes) return { from, end: at - escapes, bare: false };
    } else if (letter === quote) {
      // SQL writes a quote inside of quotes twice.
      if (escapes > 0 || quote !== "'" || at === from || text.charAt(at + 1) !== quote)
        return { from, end: at, bare: false };
      at++;
    }
  }
  return { from, end: text.length, bare: false };
}

/** A list or a map with its brackets, whatever quotes are in it; of one that was cut, all there is. */
function bracketed(text: string, from: number): ValueSpan | undefined {
  const most = Math.min(text.length, from + MAX_NESTED);
  let depth = 0;
  for (let at = from; at < most; at++) {
    const letter = text.charAt(at);
    if (letter === '{' || letter === '[') depth++;
    else if ((letter === '}' || letter === ']') && --depth === 0)
      return /[\w%[{(-]/.test(text.charAt(at + 1)) ? undefined : { from, end: at + 1, bare: true };
  }
  return text.slice(from + 1, from + 64).trim() === '' ? undefined : { from, end: most, bare: true };
}

/** Whether a `,`, `;` or `&` in front of here ends a value: it does before a blank, a quote, the end, or a next name. */
function isPairEnd(text: string, from: number): boolean {
  let end = from;
  while (end < from + 64 && isNameLetter(text, end)) end++;
  const letter = text.charAt(end);
  if (end > from) return letter === '=' || letter === ':';
  return letter === '' || ' \t\r\n"\'`\\'.includes(letter) || CLOSERS.includes(letter);
}

/** Inside of JSON text: an escaped quote, line end, tab, `&` or `<` behind these backslashes. */
const isEscapedEnd = (text: string, at: number, escapes: number): boolean =>
  isQuote(text.charAt(at)) || (escapes % 2 === 1 && ESCAPED_END.test(text.slice(at, at + 5)));

const ESCAPED_END = /^(?:[nrt]|u00(?:0[9ad]|2[267]|3c))/i;
const CLOSERS = ")]}>'`";
