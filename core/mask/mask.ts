import { isEmail, maskEmails, maskUrlPasswords } from './address.ts';
import { looksLikeJson, maskJson } from './json.ts';
import { isSecretName } from './name.ts';
import { maskPairs } from './pairs.ts';
import { type ConfiguredPattern, configuredMaskOf } from './pattern.ts';
import { maskTokens } from './token.ts';

export { isEmail, isSecretName };

/** Replaces everything secret or personal in a text by a mark that says what was there, e.g. `[email]`. Idempotent, linear. */
export type Mask = (text: string) => string;

export interface MaskOptions {
  /** Further patterns: matches become `[name]`. They see what the built-in masks left. */
  readonly patterns?: readonly ConfiguredPattern[];
}

/**
 * Masks e-mail addresses, and credentials by their form, by the name they are given, and by their place in a URL. What
 * has none of these (`curl -u user:password`, a password in a sentence) is not found. Throws an Error that names the
 * pattern when a configured one could cost more than a bounded number of steps.
 */
export const maskOf = (options: MaskOptions = {}): Mask => {
  const configured = options.patterns?.length ? configuredMaskOf(options.patterns, MARKS) : undefined;
  return (text) => {
    let masked = text;
    // What a round returns unchanged is done: so the result is masked whichever text the marks made new neighbours of.
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const again = maskOnce(masked, configured, 0);
      if (again === masked) return masked;
      masked = again;
    }
    return '[masked]';
  };
};

/** What the built-in marks say; `masked` stands for a whole text that did not come to rest. */
const MARKS = [
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
/** JSON text may hold JSON text; deeper than this it is masked as any text. */
const MAX_JSON_DEPTH = 4;

function maskOnce(text: string, configured: Mask | undefined, depth: number): string {
  const isJson = depth < MAX_JSON_DEPTH && looksLikeJson(text);
  const hasBlanks = text.includes(' ');
  let masked = maskTokens(text, hasBlanks);
  if (NAMES_GATE.test(masked)) {
    // URLs before pairs, because `https://token:x@host` is none; addresses last, because `password=a@b.com` is none.
    const addressed = ADDRESS_GATE.test(masked);
    if (addressed) masked = maskUrlPasswords(masked);
    masked = maskPairs(masked, hasBlanks || isJson);
    if (addressed) masked = maskEmails(masked);
  }
  if (configured) masked = configured(masked);
  // Where nothing was found, it is enough to look again at what can be written in a way that it is not found in.
  if (!isJson || (masked === text && !ESCAPED.test(text))) return masked;
  return maskJson(text, (part) => maskOnce(part, configured, depth + 1)) ?? masked;
}

const NAMES_GATE = /[=:@%]|--/;
const ADDRESS_GATE = /@|%40/;
/** A letter by its number, a slash, and a tab that is not the one of a stack trace's line. */
const ESCAPED = /\\(?:[u/]|t(?!at ))/;
