import { BACKSLASH, DOT, HYPHEN, isAlphanumeric, SPACE, UNDERSCORE } from './letter.ts';

/**
 * Masks credentials that have a known form, anywhere in a text. In a text without blanks it tries only the forms without
 * blanks. Every pattern is linear.
 */
export function maskTokens(text: string, withBlanks = true): string {
  let masked = text;
  if (withBlanks) {
    if (WORDS_GATE.test(masked)) masked = maskPrivateKeys(maskSchemes(masked));
    if (masked.includes("'")) masked = masked.replace(PATTERNS.sqlSecret, "$1'[secret]'");
  }
  if (masked.length < SHORTEST_TOKEN) return masked;
  if (CAPITALS.test(masked) && CAPITAL_GATE.test(masked)) {
    masked = maskJsonWebTokens(masked).replace(PATTERNS.awsAccessKey, '[aws-access-key]');
    return masked.replace(PATTERNS.token, '[token]');
  }
  const gated = TOKEN_GATE.test(masked) || (masked.includes('_') && UNDERSCORE_GATE.test(masked));
  return gated ? masked.replace(PATTERNS.token, '[token]') : masked;
}

const SHORTEST_TOKEN = 15;

/** The start of a word. The letter after a backslash is an escape, not part of the word, as in `\nAKIA…`. */
const EDGE = String.raw`(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))`;

/** Exported so that the tests can check that all of them are bounded, as configured patterns are. */
export const PATTERNS = {
  awsAccessKey: new RegExp(`${EDGE}A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])`, 'g'),
  bearer: new RegExp(`(${EDGE}bearer {1,4})([\\w.~+/-]{4,8192}={0,2})`, 'gi'),
  basic: new RegExp(`(${EDGE}basic {1,4})([A-Za-z0-9+/]{6,1024}={0,2})`, 'gi'),
  sqlSecret: new RegExp(
    `(${EDGE}(?:password|identified {1,4}by|(?:aws_)?secret_(?:access_)?key|(?:aws_)?session_token) {1,4})'[^'\\n]{1,256}'`,
    'gi',
  ),
  token: new RegExp(
    `${EDGE}(?:${[
      'gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\\w{30,255}|glpat-[\\w.-]{20,255}',
      'xox[a-z]-[\\w-]{10,512}|xapp-\\d-[\\w-]{10,512}',
      // Databricks personal and OAuth.
      '(?:dapi|dose)[0-9a-f]{32}(?:-\\d{1,2})?',
      '[rs]k_(?:live|test)_[A-Za-z0-9]{16,255}|whsec_[\\w+/=]{24,128}',
      'sk-(?:ant|proj)-[\\w-]{16,512}|sk-[A-Za-z0-9]{16,64}T3BlbkFJ[A-Za-z0-9]{16,64}',
      'AIza[\\w-]{35,64}|GOCSPX-[\\w-]{20,64}|ya29\\.[\\w-]{20,2048}',
      'SG\\.[\\w-]{16,64}\\.[\\w-]{16,64}|hvs\\.[\\w-]{20,512}',
      'npm_[A-Za-z0-9]{36}|hf_[A-Za-z]{30,64}',
      'dbt[cu]_[\\w=-]{20,128}|pn[ub]_[A-Za-z0-9]{36}|glsa_\\w{32,64}',
    ].join('|')})`,
    'g',
  ),
} as const;

/**
 * Literals that a text must have for a pattern to be tried at all. Few and long ones, because they are searched in every
 * text there is: a word of four letters is skipped to, a class of letters is not, and one word more can cost as much as
 * all others. One of CAPITALS is in every form of CAPITAL_GATE; in `ya29.…` it is among the hundred letters behind it.
 */
const CAPITALS = /[E-K]/;
const CAPITAL_GATE = /eyJ|A[KS]IA|AIza|SG\.|GOCSPX|T3Bl|ya29/;
const TOKEN_GATE = /dapi|dose|xox[a-z]-|xapp-|glpat-|sk-ant|sk-proj|hvs\./;
const UNDERSCORE_GATE = /gh[pousr]_|hub_pat_|k_live_|k_test_|dbt[cu]_|npm_|glsa_|hf_[A-Za-z]{3}|whsec_|pn[ub]_/;
const WORDS_GATE = /bearer|basic|private key/i;

/**
 * `Bearer` and `Basic` are words of English too: what follows one must not be another such word. The value of `Basic` is
 * base64, whose length is a multiple of four.
 */
const maskSchemes = (text: string): string =>
  text
    .replace(PATTERNS.bearer, (whole, scheme: string, value: string) =>
      BEARER_WORD.test(value) ? whole : `${scheme}[token]`,
    )
    .replace(PATTERNS.basic, (whole, scheme: string, value: string) =>
      value.length % 4 === 0 && ENCODED.test(value) ? `${scheme}[token]` : whole,
    );

const BEARER_WORD =
  /^(?:tokens?|auth[a-z]*|access|schemes?|header|realm|scope|resource|challenge|errors?|errou?r_[a-z]+|format|credentials?|type|method|flow|with|without|from|instead|missing|required|invalid|expired|failed|rejected|shares?|bonds?)[.=]{0,3}$/i;
const ENCODED = /\d|[a-z][A-Z]|=$/;

/** Header, payload and signature, or the five parts of an encrypted one. No run of letters is read twice. */
export function maskJsonWebTokens(text: string): string {
  let masked = '';
  let done = 0;
  let end = 0;
  for (let at = text.indexOf('eyJ'); at !== -1; at = text.indexOf('eyJ', end)) {
    end = at + 3;
    if (!isWordStart(text, at)) continue;
    end = wordEnd(text, end);
    if (text.charCodeAt(end) !== DOT || wordEnd(text, end + 1) < end + 5) continue;
    for (let part = 1; part < 5 && text.charCodeAt(end) === DOT; part++) {
      const next = wordEnd(text, end + 1);
      // A full stop after a token ends a sentence.
      if (next === end + 1) break;
      end = next;
    }
    masked += `${text.slice(done, at)}[jwt]`;
    done = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** From `-----BEGIN … PRIVATE KEY-----` to its end line. Without an end line, as far as the text looks like a key. */
export function maskPrivateKeys(text: string): string {
  let masked = '';
  let done = 0;
  let close = 0;
  for (let at = text.indexOf(BEGIN); at !== -1; at = text.indexOf(BEGIN, Math.max(done, at + 1))) {
    PRIVATE_KEY.lastIndex = at;
    if (!PRIVATE_KEY.test(text)) continue;
    const from = PRIVATE_KEY.lastIndex;
    if (close !== -1 && close < from) close = text.indexOf(END, from);
    const end = close !== -1 && close - from < MAX_KEY_LENGTH ? afterEnd(text, close) : afterKeyText(text, from);
    masked += `${text.slice(done, at)}[private-key]`;
    done = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}

const BEGIN = '-----BEGIN ';
const END = '-----END ';
const PRIVATE_KEY = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
const MAX_KEY_LENGTH = 32_768;

function afterEnd(text: string, close: number): number {
  let end = close + END.length;
  while (end < close + 64 && (isAlphanumeric(text.charCodeAt(end)) || text.charCodeAt(end) === SPACE)) end++;
  while (text.charCodeAt(end) === HYPHEN) end++;
  return end;
}

/** Base64, the lines of its header, blanks and line ends, those of JSON text too. */
function afterKeyText(text: string, from: number): number {
  let end = from;
  while (end < text.length && (isAlphanumeric(text.charCodeAt(end)) || KEY_TEXT.includes(text.charAt(end)))) end++;
  while (text.charCodeAt(end - 1) === BACKSLASH) end--;
  return end;
}
const KEY_TEXT = ' \n\r\t\\+/=-,:';

const wordEnd = (text: string, from: number): number => {
  let end = from;
  for (;;) {
    const code = text.charCodeAt(end);
    if (!isAlphanumeric(code) && code !== HYPHEN && code !== UNDERSCORE) return end;
    end++;
  }
};

const isWordStart = (text: string, at: number): boolean =>
  !isAlphanumeric(text.charCodeAt(at - 1)) ||
  (text.charCodeAt(at - 2) === BACKSLASH && 'nrt'.includes(text.charAt(at - 1)));
