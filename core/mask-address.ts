import { isHarmless } from './mask-pairs.ts';

/** Whether a text is one e-mail address and nothing else. */
export const isEmail = (text: string): boolean => {
  const at = text.indexOf('@');
  return at > 0 && localStart(text, at, 0) === 0 && domainEnd(text, at + 1) === text.length;
};

/** Masks e-mail addresses, also with the `%40` of a URL. `sign` must be in the text for anything to happen. */
export function maskEmails(text: string, sign: '@' | '%40'): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) {
    const from = localStart(text, at, done);
    if (from === at || isUserInfo(text, from) || text.slice(from, at) === 'git') continue;
    const end = domainEnd(text, at + sign.length);
    if (end === -1) continue;
    masked += `${text.slice(done, from)}[email]`;
    done = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** Masks `password` in `scheme://user:password@host`, and a user that is an e-mail address. */
export function maskUserInfo(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const from = at + 3;
    if (from < done) continue;
    const end = userInfoEnd(text, from);
    if (end === -1) continue;
    const colon = text.indexOf(':', from);
    const hasPassword = colon !== -1 && colon < end;
    const user = text.slice(from, hasPassword ? colon : end);
    const password = hasPassword ? text.slice(colon + 1, end) : '';
    masked += text.slice(done, from) + (isEmail(user.replace('%40', '@')) ? '[email]' : user);
    if (hasPassword) masked += password === '' || isHarmless(password) ? `:${password}` : ':[password]';
    done = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** Masks `password` in `jdbc:oracle:thin:user/password@host`. */
export const maskOraclePasswords = (text: string): string =>
  text.includes('oracle:') ? text.replace(ORACLE_PASSWORD, '$1[password]@') : text;

/** Bounded; exported so that the tests can hold it to the rule of configured patterns. */
export const ORACLE_PASSWORD = /(oracle:(?:thin|oci8?):[^\s/@"'\\]{1,128}\/)[^\s@"'\\]{1,128}@/g;

/** Where the local part in front of a sign begins; letters of all languages belong to it, quotes and brackets do not. */
function localStart(text: string, at: number, floor: number): number {
  let from = at;
  while (from > floor && isLocalCode(text.charCodeAt(from - 1))) from--;
  // Directly behind a backslash the first letter belongs to an escape of JSON text, as in `\nbob@example.com`.
  if (from > floor && text.charCodeAt(from - 1) === 92) {
    const escape = ESCAPE.exec(text.slice(from, from + 5));
    if (escape) from = Math.min(at, from + escape[0].length);
  }
  while (from < at && (text.charCodeAt(from) === DOT || text.charCodeAt(from) === HYPHEN)) from++;
  return from;
}

/** Where the domain ends, or -1 if what stands here is none: `zod@4.6.7` is a package, `job@worker` a host. */
function domainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDomainCode(text.charCodeAt(end))) {
    if (text.charCodeAt(end) === DOT && text.charCodeAt(end + 1) === DOT) break;
    end++;
  }
  while (end > from && (text.charCodeAt(end - 1) === DOT || text.charCodeAt(end - 1) === HYPHEN)) end--;
  return TOP_LEVEL.test(text.slice(from, Math.min(end, from + MAX_DOMAIN))) ? end : -1;
}

/** The `@` that ends the user info of the URL whose authority begins here, or -1. */
function userInfoEnd(text: string, from: number): number {
  let last = -1;
  let colon = -1;
  let index = from;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === AT) last = index;
    else if (code === COLON && colon === -1) colon = index;
    else if (code === SLASH || code === 63 || code === 35 || isUrlEnd(text, index, code)) break;
  }
  if (last !== -1 || colon === -1) return last;
  // Passwords with a `/`, `?` or `#` that nobody encoded; a port or an address in brackets is no password.
  if (PORT.test(text.slice(colon + 1, colon + 7)) || ADDRESS.test(text.slice(from, from + 48))) return -1;
  for (const most = index + MAX_PASSWORD; index < Math.min(most, text.length); index++) {
    const code = text.charCodeAt(index);
    if (code === AT) return index;
    if (isUrlEnd(text, index, code)) return -1;
  }
  return -1;
}

/** A single quote inside of a word is one of the password's own. */
const isUrlEnd = (text: string, index: number, code: number): boolean =>
  code <= 32 ||
  code === 34 ||
  code === 60 ||
  code === 62 ||
  code === 96 ||
  (code === 39 && !isDomainCode(text.charCodeAt(index + 1))) ||
  (code === 92 && ESCAPE.test(text.slice(index + 1, index + 6)));

/** `abfss://container@account.dfs.core.windows.net` is a place. */
const isUserInfo = (text: string, from: number): boolean => from > 2 && text.startsWith('://', from - 3);

const isAlphanumeric = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57);

/** Anything but ASCII is a letter, blanks and general punctuation apart. */
const isForeign = (code: number): boolean => code > 160 && (code < 0x2000 || code > 0x206f) && code !== 0x3000;

const isDomainCode = (code: number): boolean =>
  isAlphanumeric(code) || code === DOT || code === HYPHEN || isForeign(code);
const isLocalCode = (code: number): boolean => isDomainCode(code) || code === 37 || code === 43 || code === 95;

/** A label of letters alone behind the first, or a last one that begins with a letter. */
const TOP_LEVEL = /\.(?:\p{L}{2,63}(?:\.|$)|\p{L}[\p{L}\p{N}-]{1,62}$)/u;
const ESCAPE = /^(?:u[0-9a-f]{4}|[bfnrt"'/])/i;
const PORT = /^\d{1,5}(?:[,;/?#\s"']|$)/;
const ADDRESS = /^\[[0-9a-f:.%]{2,46}\]/i;
const MAX_DOMAIN = 256;
const MAX_PASSWORD = 256;
const AT = 64;
const COLON = 58;
const SLASH = 47;
const DOT = 46;
const HYPHEN = 45;
