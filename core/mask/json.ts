import { BACKSLASH, COLON, DOT, DOUBLE_QUOTE, HYPHEN, isDigit, OPEN_BRACE, OPEN_BRACKET, SPACE } from './letter.ts';
import { secretKindOf } from './name.ts';
import { isHarmless } from './pairs.ts';

/** Whether a text begins as a JSON object, or an array of texts or of those. `[email] …` does not. */
export const looksLikeJson = (text: string): boolean => {
  const first = text.charCodeAt(0);
  return (first === OPEN_BRACE || first === OPEN_BRACKET || first <= SPACE) && JSON_START.test(text);
};
const JSON_START = /^\s{0,64}(?:\{\s{0,64}"|\[\s{0,64}["[{])/;

/**
 * Masks JSON text value by value, each decoded before and encoded after, so that no escape hides a secret and the text
 * still parses. A number that is masked becomes a string. What is not changed stays as it was written. Returns undefined
 * if the text is not JSON.
 */
export function maskJson(text: string, mask: (text: string) => string): string | undefined {
  if (!parses(text)) return undefined;
  let masked = '';
  let done = 0;
  let mark: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === OPEN_BRACE || code === OPEN_BRACKET) mark = undefined;
    const end = code === DOUBLE_QUOTE ? stringEnd(text, at) : isNumberStart(code) ? numberEnd(text, at) : at;
    if (end === at) continue;
    const literal = text.slice(at, end);
    const value = code === DOUBLE_QUOTE ? decoded(literal) : literal;
    const isKey = code === DOUBLE_QUOTE && isKeyEnd(text, end);
    const changed = mark && !isKey && value !== '' && !isHarmless(value) ? mark : mask(value);
    if (changed !== value) {
      masked += text.slice(done, at) + JSON.stringify(changed);
      done = end;
    }
    mark = isKey ? markOf(value) : FLAG.test(value) ? markOf(value.slice(2)) : undefined;
    at = end - 1;
  }
  return done === 0 ? text : masked + text.slice(done);
}

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const decoded = (literal: string): string =>
  literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);

const markOf = (name: string): string | undefined => {
  const kind = secretKindOf(name);
  return kind === 'secret' || kind === 'signature' ? `[${kind}]` : undefined;
};

const stringEnd = (text: string, from: number): number => {
  let end = from + 1;
  while (end < text.length && text.charCodeAt(end) !== DOUBLE_QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  return end + 1;
};

const numberEnd = (text: string, from: number): number => {
  let end = from;
  while (isNumberCode(text.charCodeAt(end))) end++;
  return end;
};

const isNumberStart = (code: number): boolean => isDigit(code) || code === HYPHEN;
const isNumberCode = (code: number): boolean =>
  isNumberStart(code) || code === DOT || code === 43 || code === 69 || code === 101;

const isKeyEnd = (text: string, from: number): boolean => {
  let end = from;
  while (text.charCodeAt(end) <= SPACE) end++;
  return text.charCodeAt(end) === COLON;
};

/** The value of a flag in an argument list is the text behind it. */
const FLAG = /^--\w/;
