import {
  AT,
  BACKSLASH,
  BACKTICK,
  COLON,
  DOT,
  DOUBLE_QUOTE,
  HYPHEN,
  isAlphanumeric,
  SINGLE_QUOTE,
  SLASH,
  SPACE,
  UNDERSCORE,
} from './letter.ts';
import { isHarmless } from './pairs.ts';

/** Returns whether the whole text is one e-mail address. */
export const isEmail = (text: string): boolean => {
  const at = text.indexOf('@');
  return at > 0 && localStart(text, at, 0) === 0 && domainEnd(text, at + 1) === text.length;
};

/** Masks e-mail addresses, but not the user info of a URL: `abfss://container@account.dfs.core.windows.net`. */
export const maskEmails = (text: string): string => maskEmailsBy(maskEmailsBy(text, '@'), '%40');

function maskEmailsBy(text: string, sign: '@' | '%40'): string {
  let masked = '';
  let done = 0;
  // A local part ends at the `@` before it, so no letter is read twice.
  let floor = 0;
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, floor)) {
    const from = localStart(text, at, floor);
    floor = at + sign.length;
    // `git@github.com:a/b.git` is the address of a repository.
    if (from === at || text.startsWith('://', from - 3) || text.slice(from, at) === 'git') continue;
    const end = domainEnd(text, floor);
    if (end === -1) continue;
    masked += `${text.slice(done, from)}[email]`;
    done = end;
    floor = end;
  }
  return done === 0 ? text : masked + text.slice(done);
}

/** Masks the password in `scheme://user:password@host`, and the user where it is an e-mail address. */
export function maskUrlPasswords(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(at + 3, done))) {
    const from = at + 3;
    const end = userInfoEnd(text, from);
    if (end === -1) continue;
    const colon = text.indexOf(':', from);
    const user = text.slice(from, colon === -1 ? end : Math.min(colon, end));
    const password = text.slice(from + user.length, end);
    masked += text.slice(done, from) + (isEmail(user.replace('%40', '@')) ? '[email]' : user);
    masked += password === '' || password === ':' || isHarmless(password.slice(1)) ? password : ':[password]';
    done = end;
  }
  const rest = done === 0 ? text : masked + text.slice(done);
  return rest.includes('oracle:') ? rest.replace(ORACLE_PASSWORD, '$1[password]@') : rest;
}

/** `jdbc:oracle:thin:user/password@host`. Exported so that the tests can check that it is bounded, as all patterns. */
export const ORACLE_PASSWORD = /(oracle:(?:thin|oci8?):[^\s/@"'\\]{1,128}\/)[^\s@"'\\]{1,128}@/g;

/** The start of the local part before an `@`. Letters of all languages belong to it, quotes and brackets do not. */
function localStart(text: string, at: number, floor: number): number {
  let from = at;
  while (from > floor && isLocalCode(text.charCodeAt(from - 1))) from--;
  // The first letter after a backslash belongs to a JSON escape, as in `\nbob@example.com`.
  if (from > floor && text.charCodeAt(from - 1) === BACKSLASH) {
    const escaped = ESCAPE.exec(text.slice(from, from + 5));
    if (escaped) from = Math.min(at, from + escaped[0].length);
  }
  while (from < at && (text.charCodeAt(from) === DOT || text.charCodeAt(from) === HYPHEN)) from++;
  return from;
}

/** The end of the domain, or -1 if this is no domain: `zod@4.6.7` is a package, `job@worker` a host. */
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
  // A password may have an unencoded `/`, `?` or `#`. A port, or an address in brackets, is no password.
  if (PORT.test(text.slice(colon + 1, colon + 7)) || ADDRESS.test(text.slice(from, from + 48))) return -1;
  for (const most = index + MAX_PASSWORD; index < Math.min(most, text.length); index++) {
    const code = text.charCodeAt(index);
    if (code === AT) return index;
    if (isUrlEnd(text, index, code)) return -1;
  }
  return -1;
}

/** A single quote inside a word belongs to the password. */
const isUrlEnd = (text: string, index: number, code: number): boolean =>
  code <= SPACE ||
  code === DOUBLE_QUOTE ||
  code === 60 ||
  code === 62 ||
  code === BACKTICK ||
  (code === SINGLE_QUOTE && !isDomainCode(text.charCodeAt(index + 1))) ||
  (code === BACKSLASH && ESCAPE.test(text.slice(index + 1, index + 6)));

/** Anything but ASCII is a letter, blanks and general punctuation apart. */
const isForeign = (code: number): boolean => code > 160 && (code < 0x2000 || code > 0x206f) && code !== 0x3000;

const isDomainCode = (code: number): boolean =>
  isAlphanumeric(code) || code === DOT || code === HYPHEN || isForeign(code);
const isLocalCode = (code: number): boolean => isDomainCode(code) || code === 37 || code === 43 || code === UNDERSCORE;

/** True when a label after the first has only letters, or the last one begins with a letter. */
const TOP_LEVEL = /\.(?:\p{L}{2,63}(?:\.|$)|\p{L}[\p{L}\p{N}-]{1,62}$)/u;
const ESCAPE = /^(?:u[0-9a-f]{4}|[bfnrt"'/])/i;
const PORT = /^\d{1,5}(?:[,;/?#\s"']|$)/;
const ADDRESS = /^\[[0-9a-f:.%]{2,46}\]/i;
const MAX_DOMAIN = 256;
const MAX_PASSWORD = 256;
