import { isHarmless } from './names.ts';

/** Returns whether the whole text is one e-mail address. */
export const isEmail = (text: string): boolean => {
  const at = text.indexOf('@');
  return at > 0 && localStart(text, at, 0) === 0 && domainEnd(text, at + 1) === text.length;
};

/** Masks e-mail addresses, but not the user info of a URL: `abfss://container@account.dfs.core.windows.net`. */
export function maskEmails(text: string): string {
  let masked = '';
  let done = 0;
  // A local part ends at the `@` before it, so no letter is read twice.
  let floor = 0;
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', floor)) {
    const from = localStart(text, at, floor);
    floor = at + 1;
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

/**
 * Masks the password in `scheme://user:password@host`, the user where it is an e-mail address or looks like a token, and
 * the password of an Oracle URL.
 */
export function maskUrls(text: string): string {
  let masked = '';
  let done = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(at + 3, done))) {
    const from = at + 3;
    const end = userInfoEnd(text, from);
    if (end === -1) continue;
    const colon = text.indexOf(':', from);
    const user = text.slice(from, colon === -1 ? end : Math.min(colon, end));
    const password = text.slice(from + user.length, end);
    masked += text.slice(done, from) + userMark(user, text.charAt(at - 1) === 's' || text.charAt(at - 1) === 'p');
    masked += password === '' || password === ':' || isHarmless(password.slice(1)) ? password : ':[password]';
    done = end;
  }
  const rest = done === 0 ? text : masked + text.slice(done);
  return rest.includes('oracle:') ? rest.replace(ORACLE_PASSWORD, '$1[password]@') : rest;
}

/** Masks the paths of chats' webhooks: who has one can post there. */
export const maskWebhooks = (text: string): string =>
  text.includes('hook') ? text.replace(WEBHOOK, '$1[token]') : text;

/** `https://PAT@dev.azure.com` has a token for a user. Names of users are shorter, or have no digits. */
function userMark(user: string, isHttp: boolean): string {
  if (isEmail(user.replace('%40', '@'))) return '[email]';
  return isHttp && /^(?=[^\d]*\d)[A-Za-z0-9_~-]{20,}$/.test(user) ? '[token]' : user;
}

/** `jdbc:oracle:thin:user/password@host`. Exported so that the tests can check that it is bounded, as all patterns. */
export const ORACLE_PASSWORD = /(oracle:(?:thin|oci8?):[^\s/@"'\\]{1,128}\/)[^\s@"'\\]{1,128}@/g;
export const WEBHOOK =
  /((?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks|webhook\.office\.com\/webhookb2|hooks\.zapier\.com\/hooks\/catch)\/)[\w/@.%+~=-]{4,512}/gi;

/** The start of the local part before an `@`. Letters of all languages belong to it, brackets do not. */
function localStart(text: string, at: number, floor: number): number {
  const quote = text.charCodeAt(at - 1) === 34 ? text.lastIndexOf('"', at - 2) : -1;
  if (quote >= Math.max(floor, at - 66) && /^[^\n{}:,[\]]+$/.test(text.slice(quote + 1, at - 1)))
    return text.charAt(quote - 1) === '\\' ? quote - 1 : quote;
  let from = at;
  while (from > floor && isLocalCode(text.charCodeAt(from - 1))) from--;
  // The first letter after a backslash belongs to a JSON escape, as in `\nbob@example.com`.
  if (from > floor && text.charAt(from - 1) === '\\') {
    const escaped = ESCAPE.exec(text.slice(from, from + 5));
    if (escaped) from = Math.min(at, from + escaped[0].length);
  }
  while (from < at && (text.charAt(from) === '.' || text.charAt(from) === '-')) from++;
  return from;
}

/** The end of the domain, or -1 if this is none: `zod@4.6.7` is a package, `job@worker` a host, `part@01.csv` a file. */
function domainEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDomainCode(text.charCodeAt(end))) {
    if (text.charAt(end) === '.' && text.charAt(end + 1) === '.') break;
    end++;
  }
  while (end > from && (text.charAt(end - 1) === '.' || text.charAt(end - 1) === '-')) end--;
  const domain = text.slice(from, Math.min(end, from + MAX_DOMAIN));
  const files = FILE_ENDING.exec(domain)?.[0].length ?? 0;
  return TOP_LEVEL.test(files === 0 ? domain : domain.slice(0, -files)) ? end - files : -1;
}

/** The `@` that ends the user info of the URL whose authority begins here, or -1. */
function userInfoEnd(text: string, from: number): number {
  let last = -1;
  let colon = -1;
  let index = from;
  for (; index < text.length; index++) {
    const letter = text.charAt(index);
    if (letter === '@') last = index;
    else if (letter === ':' && colon === -1) colon = index;
    else if (letter === '/' || letter === '?' || letter === '#' || isUrlEnd(text, index, letter)) break;
  }
  if (last !== -1 || colon === -1) return last;
  // A password may have an unencoded `/`, `?` or `#`. A port, or an address in brackets, is no password.
  if (PORT.test(text.slice(colon + 1, colon + 7)) || ADDRESS.test(text.slice(from, from + 48))) return -1;
  for (const most = index + MAX_PASSWORD; index < Math.min(most, text.length); index++) {
    const letter = text.charAt(index);
    if (letter === '@') return index;
    if (isUrlEnd(text, index, letter)) return -1;
  }
  return -1;
}

/** A single quote inside a word belongs to the password. */
const isUrlEnd = (text: string, index: number, letter: string): boolean =>
  ' \t\r\n\0"<>`'.includes(letter) ||
  (letter === "'" && !isDomainCode(text.charCodeAt(index + 1))) ||
  (letter === '\\' && ESCAPE.test(text.slice(index + 1, index + 6)));

/** Anything but ASCII is a letter, blanks and general punctuation apart; so is a U+0000. */
const isForeign = (code: number): boolean =>
  code === 0 || (code > 160 && (code < 0x2000 || code > 0x206f) && code !== 0x3000);
const isDomainCode = (code: number): boolean => isForeign(code) || DOMAIN.has(code);
const isLocalCode = (code: number): boolean => isDomainCode(code) || code === 37 || code === 43 || code === 95;
const DOMAIN: ReadonlySet<number> = new Set(
  [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-'].map((letter) => letter.charCodeAt(0)),
);

/** True when a label after the first has only letters, or the last one begins with a letter. */
const TOP_LEVEL = /\.(?:\p{L}{2,63}(?:\.|$)|\p{L}[\p{L}\p{N}\0\ufffd-]{1,62}$)/u;
/** Endings of files that are no top-level domains. */
const FILE_ENDING =
  /(?:\.(?:parquet|csv|tsv|json|jsonl|ndjson|avro|orc|gz|gzip|bz2|zst|snappy|lz4|txt|log|xml|yaml|yml|sql|crc|tmp|tar|jar|whl|pkl|png|jpg|pdf|xlsx?|bak|lock|delta|conf|ini|toml))+$/i;
const ESCAPE = /^(?:u[0-9a-f]{4}|[bfnrt"'/])/i;
const PORT = /^\d{1,5}(?:[,;/?#\s"']|$)/;
const ADDRESS = /^\[[0-9a-f:.%]{2,46}\]/i;
const MAX_DOMAIN = 256;
const MAX_PASSWORD = 256;
