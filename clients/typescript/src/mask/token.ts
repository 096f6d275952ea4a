// A copy of core/mask/token.ts, made by `npm run docs`: the client is published alone.
import { ALPHABETS, type Alphabet, INNER_FORMS, type InnerForm, TOKEN_FORMS, type TokenForm } from './tokens.ts';

/**
 * Masks tokens that name themselves by their form, anywhere in a text. It looks once at each place where a word begins,
 * and remembers how far it has read, so no letter is read more than once for an alphabet.
 */
export function maskTokens(text: string): string {
  let seen: Seen | undefined;
  let masked = '';
  let done = 0;
  let wasLetter = false;
  const mayEscape = text.includes('\\');
  for (let at = 0; at < text.length; at++) {
    const isLetter = isIn(text, at, ALNUM);
    const isStart = isLetter && (!wasLetter || (mayEscape && isEscape(text, at - 1)));
    wasLetter = isLetter;
    const starts = isStart && MAY_START[pairOf(text, at)] === 1 ? BY_START.get(startOf(text, at)) : undefined;
    if (starts === undefined) continue;
    seen ??= { runs: new Map(), parts: new Map() };
    const found = tokenAt(text, at, starts, seen);
    if (found === undefined) continue;
    masked += text.slice(done, at) + found.mark;
    done = found.end;
    at = done - 1;
  }
  const rest = done === 0 ? text : masked + text.slice(done);
  return INNER_GATE.test(rest) ? INNER_FORMS.reduce(maskWithin, rest) : rest;
}

/**
 * Whether so many letters stand in a row that there may be a token, and such as neither plain words have nor UUIDs, hashes
 * and dates: most texts have no such row. It looks at every sixteenth letter, and back from there.
 */
export function hasLongWord(text: string): boolean {
  for (let end = SHORTEST_TOKEN - 1; end < text.length; end += SHORTEST_TOKEN) {
    let kinds = 0;
    let from = end;
    for (; from > end - SHORTEST_TOKEN; from--) {
      const kind = bitsAt(text, from) & TOKEN_LETTERS;
      if (kind === 0) break;
      kinds |= kind;
    }
    if (from > end - SHORTEST_TOKEN) {
      end = from;
      continue;
    }
    for (; !isMixed(kinds) && isIn(text, end + 1, TOKEN_LETTERS); end++) kinds |= bitsAt(text, end + 1);
    if (isMixed(kinds) || ((kinds & BEYOND_HEX) !== 0 && end - from > LONGEST_WORD)) return true;
  }
  return false;
}
const isMixed = (kinds: number): boolean => (kinds & DIGITS_AND_CAPITALS) !== 0 && (kinds & BEYOND_HEX) !== 0;
const SHORTEST_TOKEN = 16;
const LONGEST_WORD = 32;

/** Every group of letters is a bit, every alphabet a set of them. */
const GROUPS = ['0-9', 'a-f', 'A-F', 'g-z', 'G-Z', '_-', '.~', '=', '+/', '%:'];
const LETTER_BITS = Uint16Array.from({ length: 128 }, (_, code) =>
  GROUPS.reduce(
    (bits, group, bit) => (new RegExp(`[${group}]`).test(String.fromCharCode(code)) ? bits | (1 << bit) : bits),
    0,
  ),
);
const BITS = Object.fromEntries(
  Object.entries(ALPHABETS).map(([name, groups]) => [
    name,
    groups.split(' ').reduce((bits, group) => bits | (1 << GROUPS.indexOf(group)), 0),
  ]),
) as Readonly<Record<Alphabet, number>>;
const ALNUM = BITS.alnum;
const TOKEN_LETTERS = BITS.dotted;
const DIGITS_AND_CAPITALS = BITS.upper;
const BEYOND_HEX = BITS.alnum & ~BITS.hex;
const bitsAt = (text: string, at: number): number => {
  // Past its end a text would be read more slowly.
  const code = at < text.length ? text.charCodeAt(at) : 128;
  return code < 128 ? (LETTER_BITS[code] ?? 0) : 0;
};
const isIn = (text: string, at: number, bits: number): boolean => (bitsAt(text, at) & bits) !== 0;

/** The first three letters as one number, in either case. */
const startOf = (text: string, at: number): number =>
  at + 2 >= text.length
    ? -1
    : ((text.charCodeAt(at) | 32) << 16) ^ ((text.charCodeAt(at + 1) | 32) << 8) ^ (text.charCodeAt(at + 2) | 32);

interface Start {
  readonly start: string;
  readonly form: TokenForm;
}
/** A beginning of two letters is listed under each third one. */
const BY_START: ReadonlyMap<number, readonly Start[]> = TOKEN_FORMS.reduce((starts, form) => {
  for (const start of form.starts.toLowerCase().split(' ')) {
    const thirds = start.length > 2 ? [''] : [...'abcdefghijklmnopqrstuvwxyz0123456789'];
    for (const third of thirds) {
      const key = startOf(start + third, 0);
      starts.set(key, [...(starts.get(key) ?? []), { start, form }]);
    }
  }
  return starts;
}, new Map<number, readonly Start[]>());

/** The first two letters as one number, and which of them begin a token: a table is quicker than a map. */
const pairOf = (text: string, at: number): number =>
  at + 1 >= text.length ? 0 : ((text.charCodeAt(at) & 127) << 7) | (text.charCodeAt(at + 1) & 127);
const MAY_START = new Uint8Array(128 * 128);
for (const start of TOKEN_FORMS.flatMap((form) => form.starts.split(' '))) {
  for (const first of [start.charAt(0).toLowerCase(), start.charAt(0).toUpperCase()]) {
    for (const second of [start.charAt(1).toLowerCase(), start.charAt(1).toUpperCase()]) {
      MAY_START[pairOf(first + second, 0)] = 1;
    }
  }
}

/** The letter after a backslash is an escape, not part of the word, as in `\nAKIA…`. */
const isEscape = (text: string, at: number): boolean =>
  text.charCodeAt(at - 1) === BACKSLASH && 'nrt'.includes(text.charAt(at));
const BACKSLASH = 92;

/** The runs of letters that were read, and where the parts stand that were looked for. */
interface Seen {
  readonly runs: Map<Alphabet, { readonly from: number; readonly end: number }>;
  readonly parts: Map<string, number>;
}

function tokenAt(
  text: string,
  at: number,
  starts: readonly Start[],
  seen: Seen,
): { readonly end: number; readonly mark: string } | undefined {
  for (const { start, form } of starts) {
    const from = at + start.length;
    if (text.slice(at, from).toLowerCase() !== start) continue;
    let end = runEnd(text, from, form.of, seen);
    // A full stop after a token ends a sentence.
    while (end > from && text.charAt(end - 1) === '.') end--;
    if (end - from < form.least) continue;
    if (form.most !== undefined && (end - from > form.most || isIn(text, end, ALNUM))) continue;
    if (form.has === undefined || partAt(text, form.has, from, seen) + form.has.length < end)
      return { end, mark: form.mark ?? '[token]' };
  }
  return undefined;
}

function runEnd(text: string, from: number, alphabet: Alphabet, { runs }: Seen): number {
  const run = runs.get(alphabet);
  if (run && run.from <= from && from < run.end) return run.end;
  let end = from;
  while (isIn(text, end, BITS[alphabet])) end++;
  runs.set(alphabet, { from, end });
  return end;
}

function partAt(text: string, part: string, from: number, { parts }: Seen): number {
  let at = parts.get(part) ?? -1;
  if (at >= from) return at;
  at = text.indexOf(part, from);
  if (at === -1) at = Number.POSITIVE_INFINITY;
  parts.set(part, at);
  return at;
}

const INNER_GATE = new RegExp(INNER_FORMS.map(({ within }) => within.replaceAll('.', '\\.')).join('|'));

/** Masks the tokens that are known by a part within them. */
function maskWithin(text: string, { within, of, before, least }: InnerForm): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf(within); at !== -1; at = text.indexOf(within, Math.max(done, at + within.length))) {
    let from = at;
    while (from > done && at - from <= before[1] && isIn(text, from - 1, BITS[of])) from--;
    if (at - from < before[0] || at - from > before[1]) continue;
    let end = at + within.length;
    while (isIn(text, end, BITS[of])) end++;
    if (end - from < least) continue;
    masked += `${text.slice(done, from)}[token]`;
    done = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}
