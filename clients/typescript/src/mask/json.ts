// A copy of core/mask/json.ts, made by `npm run docs`: the client is published alone.
import { kindUnder, markOf, namedIn, type SecretKind, secretKindOf } from './names.ts';

/** Whether a text begins as a JSON object, or an array of texts or of those. `[email] …` does not. */
export const looksLikeJson = (text: string): boolean => {
  const first = text.charCodeAt(0);
  return (first === 123 || first === 91 || first <= 32) && JSON_START.test(text);
};
const JSON_START = /^\s{0,64}(?:\{\s{0,64}"|\[\s{0,64}["[{])/;

/**
 * Masks JSON text value by value, each decoded before and encoded after, so that no escape hides a secret and the text
 * still parses. All that is under a secret's name is a secret; a number that is masked becomes a string. What is not
 * changed stays as it was written. Returns undefined if the text is not JSON.
 */
export function maskJson(text: string, mask: (text: string) => string): string | undefined {
  const whole = parsed(text);
  if (whole === undefined) return undefined;
  let masked = '';
  let done = 0;
  let flag: SecretKind | undefined;
  const outer: Level[] = [];
  let level: Level = { value: [whole], under: undefined, key: 0, named: undefined };
  for (const { 0: match, 1: colon = '', index } of text.matchAll(TOKEN)) {
    if (match === '{' || match === '[') {
      outer.push(level);
      level = { value: Object(level.value)[level.key], under: kindOf(level), key: 0, named: undefined };
    } else if (match === '}' || match === ']') {
      level = outer.pop() ?? level;
      flag = undefined;
    } else if (match === ',' && typeof level.key === 'number') level.key++;
    else if (match === ',') continue;
    else {
      const literal = match.slice(0, match.length - colon.length);
      const value = literal.startsWith('"') ? decoded(literal) : literal;
      const kind = colon === '' ? (flag ?? kindOf(level)) : undefined;
      const changed = (kind && markOf(kind, value)) ?? mask(value);
      if (changed !== value) {
        masked += text.slice(done, index) + JSON.stringify(changed);
        done = index + literal.length;
      }
      if (colon !== '') level.key = value;
      // The value of a flag in an argument list is the text behind it, in the same list; a key is none.
      flag = typeof level.key === 'number' && value.startsWith('--') ? secretKindOf(value.slice(2)) : undefined;
    }
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** Texts, with the colon behind a key; numbers; and the signs of structure. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d[\d.eE+-]*|[{}[\],]/gs;

/** An object or a list that is being read. */
interface Level {
  /** As parsed. Of two values under one key it has the last. */
  readonly value: unknown;
  readonly under: SecretKind | undefined;
  /** The key or the index of the value that comes next. */
  key: string | number;
  /** What the object names its `value`: looked up once. */
  named: { readonly kind: SecretKind | undefined } | undefined;
}

const kindOf = (level: Level): SecretKind | undefined =>
  kindUnder(String(level.key), level.under, () => {
    level.named ??= { kind: namedIn(Object(level.value)) };
    return level.named.kind;
  });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const decoded = (literal: string): string =>
  literal.includes('\\') ? (JSON.parse(literal) as string) : literal.slice(1, -1);
