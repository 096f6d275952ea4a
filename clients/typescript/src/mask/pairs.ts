// A copy of core/mask/pairs.ts, made by `npm run docs`: the client is published alone.
import { isHarmless, MAX_NAME_LENGTH, markOf, NAMED, NAMING, type SecretKind, secretKindOf } from './names.ts';
import {
  backslashesAt,
  bareValue,
  blockValue,
  elementValue,
  isBlank,
  isNameLetter,
  isQuote,
  lineValue,
  skipBlanks,
  type ValueSpan,
  valueAt,
} from './values.ts';

/**
 * Masks the values of secret names: `name=value`, `"name":"value"` at any depth of quoting, `--name value`, `<name>value<`,
 * `set("name", "value")`, `env["name"] = value`, `{name: secret name, value: value}`. It goes from separator to separator
 * and on from the end of a value, so no letter is read twice as a value, nor as a name.
 */
export function maskPairs(text: string): string {
  const scan: Scan = { text, floor: 0, named: undefined };
  let masked = '';
  for (let next = 0; ; next = Math.max(next, scan.floor)) {
    SEPARATOR.lastIndex = next;
    if (!SEPARATOR.test(text)) return scan.floor === 0 ? text : masked + text.slice(scan.floor);
    next = SEPARATOR.lastIndex;
    const change = text.startsWith('--', next - 2) ? ofFlag(scan, next) : ofSeparator(scan, next - 1);
    if (!change) continue;
    masked += text.slice(scan.floor, change.from) + change.mark;
    scan.floor = change.end;
  }
}

/** A separator; behind a name, a quote or a closing bracket also a `,` and a `>`. */
const SEPARATOR = /[=:]|--|["'],|[\w"'-]>/g;

interface Scan {
  readonly text: string;
  /** Where the last value that was masked ends. */
  floor: number;
  /** A secret's name that stood as a value, as in `name: DB_PASSWORD`: the next pair has its value. */
  named: { readonly kind: SecretKind; readonly end: number } | undefined;
}

interface Change {
  readonly from: number;
  readonly end: number;
  readonly mark: string;
}

interface Name {
  readonly text: string;
  readonly start: number;
  /** The quote behind it, with its backslashes. */
  readonly quote: string;
}

function ofSeparator(scan: Scan, at: number): Change | undefined {
  const { text } = scan;
  const sign = text.charAt(at);
  const next = text.charAt(at + 1);
  // `token::text` is a cast, `10:15` a time, `://` is for the masks of URLs.
  if (
    sign === ':' &&
    (next === ':' || text.startsWith('//', at + 1) || (isDigit(next) && isDigit(text.charAt(at - 1))))
  )
    return undefined;
  const name = sign === '>' ? elementBefore(text, at, scan.floor) : nameBefore(text, at, scan.floor);
  if (!name || !isPlace(text, sign, name)) return undefined;
  let from = at + 1;
  // `==`, `=>` and `:=` separate too.
  while (from < at + 3 && (text.charAt(from) === '=' || text.charAt(from) === '>')) from++;
  const kind = kindOf(scan, name, from);
  if (kind === undefined || (kind === 'query-signature' && (sign !== '=' || name.quote !== ''))) return undefined;
  // PWD is a folder in a shell, and a password in an ODBC string.
  if (/^(?:OLD)?PWD$/i.test(name.text) && text.charAt(from) === '/') return undefined;
  return changeOf(text, spanOf(text, sign, from, name), kind, name, sign === '=');
}

function spanOf(text: string, sign: string, from: number, name: Name): ValueSpan | undefined {
  if (sign === '>') return elementValue(text, from);
  const block = sign === ':' ? blockValue(text, name.start, from) : undefined;
  if (block) return block;
  const span =
    /cookie$/i.test(name.text) &&
    !isQuote(text.charAt(skipBlanks(text, from) + backslashesAt(text, skipBlanks(text, from))));
  return span ? lineValue(text, from) : valueAt(text, from, sign === '=' || name.quote !== '');
}

/** `--password x`, and `"--password", "x"` of an argument list. `--password=x` is found by its separator. */
function ofFlag({ text, floor }: Scan, from: number): Change | undefined {
  const glued = isNameLetter(text, from - 3) && text.charAt(from - 4) !== '\\';
  if (from - 2 < floor || glued || text.charAt(from) === '-') return undefined;
  let end = from;
  while (end < from + MAX_NAME_LENGTH && isNameLetter(text, end)) end++;
  let start = end;
  if (isQuote(text.charAt(end)) && text.charAt(end + 1) === ',') start = end + 2;
  else if (!isBlank(text.charAt(end))) return undefined;
  const name = text.slice(from, end);
  const kind = secretKindOf(name);
  if (kind === undefined || kind.endsWith('signature')) return undefined;
  const value = valueAt(text, start, false);
  // The next flag is no value: this flag prompts for it.
  if (!value || (value.bare && text.charAt(value.from) === '-')) return undefined;
  return changeOf(text, value, kind, { text: name, start: from, quote: '' }, true);
}

function changeOf(
  text: string,
  span: ValueSpan | undefined,
  kind: SecretKind,
  name: Name,
  assigned: boolean,
): Change | undefined {
  if (!span) return undefined;
  const { from, end, bare } = span;
  const value = text.slice(from, end);
  if (bare && SCHEME.test(value) && isBlank(text.charAt(end))) {
    const token = bareValue(text, skipBlanks(text, end));
    if (token) return isHarmless(text.slice(token.from, token.end)) ? undefined : { ...token, mark: '[token]' };
  }
  const mark = markOf(kind, value, !bare || assigned || name.quote !== '');
  if (mark === undefined) return undefined;
  // A number, a list or a map in JSON text becomes a string: a bare mark would not parse.
  const quote = bare && name.quote !== '' && NO_TEXT.test(value) ? name.quote : '';
  return { from, end, mark: `${quote}${mark}${quote}` };
}

/** The kind of secret that a name announces, by itself or as the `value` of the name before it. */
function kindOf(scan: Scan, name: Name, from: number): SecretKind | undefined {
  const { named } = scan;
  scan.named = undefined;
  // Directly behind a backslash the first letter belongs to an escape, as in `\ntoken=x` or `\u0026sig=x`.
  const isEscaped = scan.text.charAt(name.start - 1) === '\\';
  const plain = isEscaped ? name.text.replace(/^(?:u[0-9a-f]{4}|[bfnrt])/i, '') : name.text;
  const kind = secretKindOf(name.text) ?? (isEscaped ? secretKindOf(plain) : undefined);
  if (kind !== undefined) return kind;
  if (named && NAMED.test(plain) && name.start - named.end < 48) return named.kind;
  if (!NAMING.test(plain)) return undefined;
  NAME_AS_VALUE.lastIndex = from;
  const value = NAME_AS_VALUE.exec(scan.text)?.[1] ?? '';
  const valueKind = secretKindOf(value);
  if (valueKind !== undefined) scan.named = { kind: valueKind, end: NAME_AS_VALUE.lastIndex };
  return undefined;
}
const NAME_AS_VALUE = /[ \t]{0,4}\\{0,7}["'`]?([\w.-]{2,128})/y;

/** Whether what stands around a name and its separator makes them a pair. */
function isPlace(text: string, sign: string, name: Name): boolean {
  const before = text.charAt(name.start - 1);
  // `arn:aws:secretsmanager:…:secret:name` names a secret without revealing it. `//token:…@host` is for the masks of URLs.
  if (sign === ':') {
    if ((name.text === 'secret' && before === ':') || text.startsWith('://', name.start - 3)) return false;
    return !(/^tokens?$/i.test(name.text) && PARSERS_WORD.test(text.slice(Math.max(0, name.start - 16), name.start)));
  }
  if (sign !== ',') return true;
  return CALL.test(text.slice(Math.max(0, name.start - 24), name.start));
}
/** `Unexpected token: x` is what a parser says, `page token: 5` what a reader does. */
const PARSERS_WORD = /\b(?:unexpected|expected|illegal|next|page|continuation|watermark|at) $/i;
/** `set("name", "value")` and the like; `select("name", "value")` is none. */
const CALL =
  /(?:set\w{0,12}|put\w{0,8}|add\w{0,8}|option|conf(?:ig)?|property|header|env|default|param\w{0,8})\(\s?\\{0,3}["']$/i;

/** The name of an element of XML, whose tag ends here. */
function elementBefore(text: string, at: number, floor: number): Name | undefined {
  const tag = /<(?:[\w-]{1,32}:)?([\w.-]{2,64})(?:\s[^<>]{0,200})?$/.exec(text.slice(Math.max(floor, at - 256), at));
  return tag?.[1] === undefined ? undefined : { text: tag[1], start: at - tag[1].length, quote: '' };
}

/** The name before a separator, if there is one: bare, in quotes, or in quotes and brackets (`os.environ["NAME"]`). */
function nameBefore(text: string, at: number, floor: number): Name | undefined {
  let end = at;
  while (end > floor && end > at - 4 && isBlank(text.charAt(end - 1))) end--;
  if (text.charAt(end - 1) === ']' && isQuote(text.charAt(end - 2))) end--;
  const quoteEnd = end;
  if (end > floor && isQuote(text.charAt(end - 1))) {
    end--;
    while (end > floor && end > quoteEnd - 64 && text.charAt(end - 1) === '\\') end--;
  }
  let start = end;
  while (start > floor && start > end - MAX_NAME_LENGTH && isNameLetter(text, start - 1)) start--;
  if (end - start < 2) return undefined;
  // `API key: x` is two words; no other secret's name needs the word before its last.
  if (end - start < 5 && isBlank(text.charAt(start - 1))) {
    let first = start - 1;
    while (first > floor && first > start - 16 && isNameLetter(text, first - 1)) first--;
    if (/^keys?$/i.test(text.slice(start, end)) && secretKindOf(text.slice(first, end))) start = first;
  }
  return { text: text.slice(start, end), start, quote: text.slice(end, quoteEnd) };
}

const isDigit = (letter: string): boolean => letter >= '0' && letter <= '9';
const SCHEME =
  /^(?:bearer|basic|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|sharedkey|sharedaccesssignature)$/i;
const NO_TEXT = /^(?:-?[\d.eE+-]+|[[{].*)$/s;
