import {
  BACKSLASH,
  COLON,
  COMMA,
  EQUALS,
  GREATER,
  HYPHEN,
  isBlank,
  isDigit,
  isNameCode,
  isQuote,
  letterBitOf,
  SLASH,
} from './letter.ts';
import { MAX_NAME_LENGTH, mayBeSecretName, type SecretKind, secretKindOf } from './name.ts';
import { bareValue, lineEnd, skipBlanks, type ValueSpan, valueAt } from './value.ts';

/**
 * Masks the values of secret names: `name=value`, `name: value`, `"name":"value"` at any depth of quoting, and, if there
 * may be any, `--name value`. Goes from separator to separator, so a text without any costs a search for each and nothing
 * else.
 */
export function maskPairs(text: string, withFlags = true): string {
  let masked = '';
  let done = 0;
  let equals = next(text, '=', 0);
  let colon = next(text, ':', 0);
  let flag = withFlags ? next(text, '--', 0) : text.length;
  for (;;) {
    const at = Math.min(equals, colon, flag);
    if (at === text.length) return done === 0 ? text : masked + text.slice(done);
    const change = at === flag ? ofFlag(text, at) : ofSeparator(text, at, done);
    if (change) {
      masked += text.slice(done, change.from) + change.mark;
      done = change.end;
    }
    const rest = Math.max(at + (at === flag ? 2 : 1), done);
    if (equals < rest) equals = next(text, '=', rest);
    if (colon < rest) colon = next(text, ':', rest);
    if (flag < rest) flag = next(text, '--', rest);
  }
}

/** Values that reveal nothing: our own placeholders, and spellings of no value. */
export const isHarmless = (value: string): boolean => value.length <= 80 && HARMLESS.test(value);

interface Change {
  readonly from: number;
  readonly end: number;
  readonly mark: string;
}

interface Name {
  readonly kind: SecretKind;
  readonly text: string;
  /** The quote in front of the separator with its backslashes: the key is one of JSON text. */
  readonly quote: string;
}

const next = (text: string, what: string, from: number): number => {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
};

function ofSeparator(text: string, at: number, floor: number): Change | undefined {
  const assigned = text.charCodeAt(at) === EQUALS;
  if (!assigned) {
    const behind = text.charCodeAt(at + 1);
    if (behind === SLASH && text.charCodeAt(at + 2) === SLASH) return ofWebhook(text, at);
    // `token::text` is a cast and `10:15` a time.
    if (behind === COLON || (isDigit(behind) && isDigit(text.charCodeAt(at - 1)))) return undefined;
  }
  const name = nameBefore(text, at, floor);
  if (!name || (!assigned && isPartOfPlace(text, at - name.text.length, name))) return undefined;
  if (name.kind === 'query-signature' && !(assigned && name.quote === '')) return undefined;
  let from = at + 1;
  // `==`, `=>` and `:=` separate too.
  while (from < at + 3 && (text.charCodeAt(from) === EQUALS || text.charCodeAt(from) === GREATER)) from++;
  // PWD is a folder in a shell, and a password in an ODBC string.
  if (WORKING_DIRECTORY.test(name.text) && text.charCodeAt(from) === SLASH) return undefined;
  const value = valueAt(text, from, assigned, name.quote !== '');
  return value && changeOf(text, value, name);
}

/** `--password x`, and `"--password", "x"` of an argument list. `--password=x` is found by its separator. */
function ofFlag(text: string, at: number): Change | undefined {
  const from = at + 2;
  const glued = isNameCode(text.charCodeAt(at - 1)) && text.charCodeAt(at - 2) !== BACKSLASH;
  if (glued || text.charCodeAt(from) === HYPHEN) return undefined;
  let end = from;
  while (end < from + MAX_NAME_LENGTH && isNameCode(text.charCodeAt(end))) end++;
  let start = end;
  if (isQuote(text.charCodeAt(end)) && text.charCodeAt(end + 1) === COMMA) start = end + 2;
  else if (!isBlank(text.charCodeAt(end))) return undefined;
  const name = text.slice(from, end);
  if (secretKindOf(name) !== 'secret') return undefined;
  const value = valueAt(text, start, false, false);
  // The next flag is no value: this flag prompts for it.
  if (!value || (value.bare && text.charCodeAt(value.from) === HYPHEN)) return undefined;
  return changeOf(text, value, { kind: 'secret', text: name, quote: '' });
}

function changeOf(text: string, span: ValueSpan, name: Name): Change | undefined {
  const { from, bare } = span;
  const end = bare && COOKIE.test(name.text) ? lineEnd(text, from) : span.end;
  if (from === end) return undefined;
  const value = text.slice(from, end);
  if (name.kind !== 'secret') return SIGNED.test(value) ? undefined : { from, end, mark: '[signature]' };
  if (bare && SCHEME.test(value) && isBlank(text.charCodeAt(end))) {
    const token = bareValue(text, skipBlanks(text, end, 8));
    if (token) return isHarmless(text.slice(token.from, token.end)) ? undefined : { ...token, mark: '[token]' };
  }
  if (isHarmless(value)) return undefined;
  // A number in JSON text becomes a string: a bare placeholder would not parse.
  const quote = bare && name.quote !== '' && NUMBER.test(value) ? name.quote : '';
  return { from, end, mark: `${quote}[secret]${quote}` };
}

/** `arn:aws:secretsmanager:…:secret:name` names a secret without revealing it. The URL masks handle `//token:…@host`. */
const isPartOfPlace = (text: string, from: number, name: Name): boolean =>
  (name.text === 'secret' && text.charCodeAt(from - 1) === COLON) || (from > 2 && text.startsWith('://', from - 3));

/** The path of a chat webhook is a secret: it lets anyone post to the channel. */
function ofWebhook(text: string, at: number): Change | undefined {
  if (text.charCodeAt(at - 1) !== 115) return undefined;
  WEBHOOK.lastIndex = at + 3;
  if (!WEBHOOK.test(text)) return undefined;
  const path = bareValue(text, WEBHOOK.lastIndex);
  return path && !isHarmless(text.slice(path.from, path.end)) ? { ...path, mark: '[token]' } : undefined;
}

/** The name before a separator, if it is the name of a secret. */
function nameBefore(text: string, at: number, floor: number): Name | undefined {
  let end = at;
  while (end > floor && end > at - 4 && isBlank(text.charCodeAt(end - 1))) end--;
  const quoteEnd = end;
  if (end > floor && isQuote(text.charCodeAt(end - 1))) {
    end--;
    while (end > floor && end > quoteEnd - 64 && text.charCodeAt(end - 1) === BACKSLASH) end--;
  }
  let start = end;
  let letters = 0;
  while (start > floor && start > end - MAX_NAME_LENGTH) {
    const bit = letterBitOf(text.charCodeAt(start - 1));
    if (bit === 0) break;
    letters |= bit;
    start--;
  }
  if (!mayBeSecretName(letters, end - start, text.charCodeAt(end - 1))) return undefined;
  const name = text.slice(wordStart(text, start, end, floor), end);
  const kind = secretKindOf(name) ?? secretKindOf(unescaped(name, text.charCodeAt(start - 1)));
  return kind && { kind, text: name, quote: text.slice(end, quoteEnd) };
}

/** `API key: x` is two words; no other secret's name needs the word before its last. */
function wordStart(text: string, start: number, end: number, floor: number): number {
  if (end - start > 4 || end - start < 3 || !isBlank(text.charCodeAt(start - 1))) return start;
  let first = start - 1;
  while (first > floor && first > start - 16 && isNameCode(text.charCodeAt(first - 1))) first--;
  return first;
}

/** Directly behind a backslash the first letter belongs to an escape, as in `\ntoken=x` or `\u0026sig=x`. */
const unescaped = (name: string, before: number): string =>
  before === BACKSLASH ? name.replace(/^(?:u[0-9a-f]{4}|[bfnrt])/i, '') : name;

const HARMLESS =
  /^(?:(?:(?:bearer|basic|digest|token|negotiate|apikey) )?\[(?:email|aws-access-key|jwt|token|password|signature|secret|private-key|masked)\]|null|none|nil|undefined|true|false|\*{3,64}|\$\{\w{1,64}\})[)\]}>'`.,;]{0,8}$/i;
const SIGNED = /^\[signature\][)\]}>'`.,;]{0,8}$/;
const COOKIE = /cookie$/i;
const SCHEME =
  /^(?:bearer|basic|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|sharedkey|sharedaccesssignature)$/i;
const WEBHOOK =
  /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|(?:canary\.|ptb\.)?discord(?:app)?\.com\/api\/webhooks|[\w-]{1,64}\.webhook\.office\.com\/webhookb2)\//iy;
const WORKING_DIRECTORY = /^(?:OLD)?PWD$/i;
const NUMBER = /^-?[\d.eE+-]+$/;
