import { secretKindOf } from './mask-name.ts';
import { isHarmless } from './mask-pairs.ts';

/** Whether a text begins as a JSON object, or an array of texts or of those. `[email] …` does not. */
export const looksLikeJson = (text: string): boolean => JSON_START.test(text);
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
    const end = code === QUOTE ? stringEnd(text, at) : isNumberCode(code) ? numberEnd(text, at) : at;
    if (end === at) continue;
    const literal = text.slice(at, end);
    const value = code === QUOTE ? decoded(literal) : literal;
    const isKey = code === QUOTE && isKeyEnd(text, end);
    const changed = mark && !isKey && value !== '' && !isHarmless(value) ? mark : mask(value);
    if (changed !== value) {
      masked += text.slice(done, at) + JSON.stringify(changed);
      done = end;
    }
    mark = isKey ? markOf(value) : value.startsWith('--') ? markOf(value.slice(2)) : undefined;
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
  while (end < text.length && text.charCodeAt(end) !== QUOTE) end += text.charCodeAt(end) === BACKSLASH ? 2 : 1;
  return end + 1;
};

const numberEnd = (text: string, from: number): number => {
  let end = from;
  while (isNumberCode(text.charCodeAt(end))) end++;
  return end;
};

/** Digits and what else stands in a number, which outside of strings stands nowhere else but in `true` and `false`. */
const isNumberCode = (code: number): boolean =>
  (code >= 48 && code <= 57) || code === 45 || code === 43 || code === 46 || code === 69 || code === 101;

const isKeyEnd = (text: string, from: number): boolean => {
  let end = from;
  while (text.charCodeAt(end) <= 32) end++;
  return text.charCodeAt(end) === 58;
};

const QUOTE = 34;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
