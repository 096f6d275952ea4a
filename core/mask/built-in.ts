import { maskEmails, maskUrls, maskWebhooks } from './addresses.ts';
import { unescaped } from './escapes.ts';
import { looksLikeJson, maskJson } from './json.ts';
import { isTelling } from './names.ts';
import { maskPairs } from './pairs.ts';
import { maskPhrases } from './phrases.ts';
import { hasLongWord, maskTokens } from './token.ts';

/** Replaces secrets and personal data in a text by placeholders that name their kind, such as `[email]`. Idempotent, linear. */
export type Mask = (text: string) => string;

/**
 * Makes a mask for e-mail addresses and credentials, and for what `configured` masks after them. It finds credentials by
 * their form, by their name, and by the words or the URL around them; it cannot find others (a password in a sentence).
 */
export const maskWith =
  (configured?: Mask): Mask =>
  (text) => {
    const signs = signsIn(text);
    if (configured === undefined && signs === 0) return text;
    let masked = maskOnce(text, configured, 0, signs);
    if (masked === text) return text;
    // A placeholder may complete another secret beside it, so rounds repeat until one changes nothing.
    for (let round = 1; round < MAX_ROUNDS; round++) {
      const again = maskOnce(masked, configured, 0);
      if (again === masked) return masked;
      masked = again;
    }
    return '[masked]';
  };

/** The built-in placeholders. `masked` replaces a whole text when the rounds do not end. */
export const MARKS = [
  'email',
  'aws-access-key',
  'jwt',
  'token',
  'password',
  'signature',
  'secret',
  'private-key',
  'masked',
] as const;

const MAX_ROUNDS = 5;
/** JSON text may contain JSON text. Below this depth it is masked as plain text. */
const MAX_JSON_DEPTH = 4;

function maskOnce(text: string, configured: Mask | undefined, depth: number, signs = signsIn(text)): string {
  if (depth < MAX_JSON_DEPTH && looksLikeJson(text)) {
    const masked = maskJson(text, (part) => maskOnce(part, configured, depth + 1));
    if (masked !== undefined) return masked;
  }
  const masked = maskPlain(text, signs);
  if ((signs & ESCAPE) === 0) return configured ? configured(masked) : masked;
  // What is written in escapes is masked as what it means, and left as it is when that hides nothing.
  const meant = unescaped(masked);
  const again = meant === masked ? masked : maskPlain(meant, signsIn(meant));
  const shown = again === meant ? masked : again;
  return configured ? configured(shown) : shown;
}

function maskPlain(text: string, signs: number): string {
  let masked = text;
  if ((signs & BLANK) !== 0) masked = maskPhrases(masked);
  if ((signs & LONG_WORD) !== 0) masked = maskTokens(masked);
  const telling = (signs & (SEPARATOR | BLANK | SLASH)) !== 0 && isTelling(masked);
  if (telling && (signs & SLASH) !== 0) masked = maskWebhooks(masked);
  // URLs before pairs, because `https://token:x@host` is no pair. Addresses last: `password=a@b.com` is no address.
  if ((signs & AT) !== 0) masked = maskUrls(masked);
  if (telling && (signs & (SEPARATOR | BLANK)) !== 0) masked = maskPairs(masked);
  if ((signs & AT) !== 0) masked = maskEmails(masked);
  return masked;
}

/** What is in a text that masks go by. Most texts are short names and have nothing of it. */
function signsIn(text: string): number {
  let signs = hasLongWord(text) ? LONG_WORD : 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    signs |= code < 128 ? (SIGNS[code] ?? 0) : ESCAPE;
  }
  return signs;
}
const BLANK = 1;
const SEPARATOR = 2;
const AT = 4;
/** Also any letter that is not ASCII, of which some are written for ASCII ones. */
const ESCAPE = 8;
const SLASH = 16;
const LONG_WORD = 32;
const SIGNS = new Uint8Array(128);
for (const [letters, sign] of [
  [' ', BLANK],
  ['=:>"\'', SEPARATOR],
  ['@', AT],
  ['%\\&\0', ESCAPE],
  ['/', SLASH],
] as const) {
  for (const letter of letters) SIGNS[letter.charCodeAt(0)] = sign;
}
